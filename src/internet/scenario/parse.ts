/** A scenario file into a scenario. Every complaint names the line and what was expected there. */
import * as v from 'valibot';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { UsageError } from '../../lib/errors.ts';
import { scenarioSchema } from './schema.ts';
import type { HostPlan, Scenario } from './types.ts';

type Path = readonly (string | number)[];

interface Complaint {
  readonly path: Path;
  readonly message: string;
}

/** `file` is only for the messages. Throws UsageError with one line a fault. */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const where = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const broken = document.errors.map((error) => `${where(error.pos[0])}: ${error.message}`);
  if (broken.length > 0) throw new UsageError(broken.join('\n'));
  const result = v.safeParse(scenarioSchema, contentOf(document, file));
  const complaints = result.success ? check(result.output) : result.issues.map(complaint);
  if (complaints.length > 0) {
    const told = complaints.map(({ path, message }) => {
      const place = path.length > 0 ? `${path.join('.')}: ` : '';
      return `${where(offsetOf(document, path))}: ${place}${message}`;
    });
    throw new UsageError([...new Set(told)].join('\n'));
  }
  return result.output as Scenario;
}

/** Anchors and aliases are resolved only here: one that leads nowhere, or too far, is an error. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new UsageError(`${file}: ${cause.message}`, { cause });
  }
}

function complaint(issue: v.BaseIssue<unknown>): Complaint {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { path, message: 'no such setting here' };
  }
  if (issue.received === 'undefined') return { path, message: 'this is missing' };
  return { path, message: `expected ${expected(issue)}, found ${issue.received}` };
}

/** Our schemas say what they expect as their message; valibot's own messages begin with "Invalid". */
function expected(issue: v.BaseIssue<unknown>): string {
  return issue.message.startsWith('Invalid') ? (issue.expected ?? 'something else') : issue.message;
}

/** The place of a path in the text; of its nearest parent where it is missing. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

const DOORS = ['submission', 'submissions', 'pop3', 'pop3s', 'imap', 'imaps', 'webmail'] as const;

function checkMail(scenario: Scenario, { mail, services }: HostPlan, path: Path): Complaint[] {
  const complaints: Complaint[] = [];
  const kept = scenario.hosts[mail?.server ?? '']?.services?.mail;
  if (mail && !kept) {
    const message = `there is no host ${mail.server} with mail`;
    complaints.push({ path: [...path, 'mail', 'server'], message });
  }
  if (mail && kept && !kept.accounts[mail.account]) {
    const message = `${mail.server} has no account ${mail.account}`;
    complaints.push({ path: [...path, 'mail', 'account'], message });
  }
  for (const door of DOORS) {
    if (!services?.[door] || services.mail) continue;
    complaints.push({
      path: [...path, 'services', door],
      message: 'this host has no mail service',
    });
  }
  return complaints;
}

/** What no schema can say: that names lead somewhere, and addresses are different. */
function check(scenario: Scenario): Complaint[] {
  const prefix = scenario.network.split('.').slice(0, 2).join('.');
  const holders = new Map<string, string>();
  const complaints: Complaint[] = [];
  for (const [name, host] of Object.entries(scenario.hosts)) {
    const path = ['hosts', name];
    if (!scenario.places[host.place]) {
      complaints.push({ path: [...path, 'place'], message: `there is no place ${host.place}` });
    }
    if (!host.address.startsWith(`${prefix}.`)) {
      complaints.push({
        path: [...path, 'address'],
        message: `expected an address in ${scenario.network}`,
      });
    }
    const holder = holders.get(host.address);
    if (holder)
      complaints.push({
        path: [...path, 'address'],
        message: `${holder} has this address already`,
      });
    holders.set(host.address, name);
    complaints.push(...checkHost(scenario, host, path));
  }
  const zones = Object.values(scenario.hosts).flatMap(
    ({ services }) => services?.registry?.zone ?? [],
  );
  for (const name of Object.keys(scenario.registrations ?? {})) {
    if (zones.includes(`${name.slice(name.indexOf('.') + 1)}.`)) continue;
    complaints.push({
      path: ['registrations', name],
      message: 'there is no registry of the zone above it',
    });
  }
  scenario.links?.forEach((link, index) => {
    link.between.forEach((end, side) => {
      if (!scenario.hosts[end]) {
        complaints.push({
          path: ['links', index, 'between', side],
          message: `there is no host ${end}`,
        });
      }
    });
  });
  return complaints;
}

function checkHost(scenario: Scenario, host: HostPlan, path: Path): Complaint[] {
  const complaints: Complaint[] = [];
  const { resolver, services, script } = host;
  if (resolver !== undefined && !scenario.hosts[resolver]?.services?.resolver) {
    complaints.push({
      path: [...path, 'resolver'],
      message: `there is no host ${resolver} with a resolver`,
    });
  }
  if (host.proxy !== undefined && !scenario.hosts[host.proxy]?.services?.proxy) {
    complaints.push({
      path: [...path, 'proxy'],
      message: `there is no host ${host.proxy} with a proxy`,
    });
  }
  services?.https?.only?.forEach((name, index) => {
    if (services.http?.sites[name] !== undefined) return;
    complaints.push({
      path: [...path, 'services', 'https', 'only', index],
      message: `the http service of this host has no site ${name}`,
    });
  });
  if (services?.https && !services.http) {
    complaints.push({
      path: [...path, 'services', 'https'],
      message: 'this host has no http service whose sites it could serve',
    });
  }
  services?.dns?.zones.forEach((zone, index) => {
    if (scenario.zones?.[zone] !== undefined) return;
    complaints.push({
      path: [...path, 'services', 'dns', 'zones', index],
      message: `zones has no ${zone}`,
    });
  });
  for (const [name, site] of Object.entries(services?.http?.sites ?? {})) {
    if (typeof site === 'string' || !site.cookies || (site.keys?.length ?? 0) > 0) continue;
    complaints.push({
      path: [...path, 'services', 'http', 'sites', name, 'cookies'],
      message: `${site.cookies} cookies need keys`,
    });
  }
  const { registry, registrar } = services ?? {};
  if (registry && !services?.dns?.zones.includes(registry.zone)) {
    complaints.push({
      path: [...path, 'services', 'registry', 'zone'],
      message: `the dns service of this host has no zone ${registry.zone}`,
    });
  }
  if (registrar?.nameServer !== undefined && !services?.dns) {
    complaints.push({
      path: [...path, 'services', 'registrar', 'nameServer'],
      message: 'this host has no dns service',
    });
  }
  script?.forEach((step, index) => {
    const { get, ping, lookup, send, read } = step;
    const actions = [get, ping, lookup, send, read].filter((action) => action !== undefined);
    if (actions.length !== 1) {
      complaints.push({
        path: [...path, 'script', index],
        message: 'expected one of get, ping, lookup, send and read',
      });
    }
    if ((send ?? read) !== undefined && !host.mail) {
      complaints.push({ path: [...path, 'script', index], message: 'this host has no mail' });
    }
  });
  complaints.push(...checkMail(scenario, host, path));
  return complaints;
}
