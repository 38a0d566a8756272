import type { Command } from 'commander';
import type { CliTools } from '../tools.ts';
import { registerDig } from './dig.ts';
import { registerExperiment } from './experiment.ts';
import { registerGet } from './get.ts';
import { registerHttp } from './http.ts';
import { registerPing } from './ping.ts';
import { registerPorts } from './ports.ts';
import { registerSim } from './sim.ts';
import { registerTelnet } from './telnet.ts';
import { registerTrace } from './trace.ts';
import { registerUp } from './up.ts';

/** In the order in which --help shows them. */
export function registerAll(program: Command, tools: CliTools): void {
  registerUp(program, tools);
  registerSim(program, tools);
  registerTrace(program, tools);
  registerGet(program, tools);
  registerDig(program, tools);
  registerPing(program, tools);
  registerTelnet(program, tools);
  registerPorts(program, tools);
  registerHttp(program, tools);
  registerExperiment(program, tools);
}
