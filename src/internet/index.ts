export {
  load,
  type PingRequest,
  pingHost,
  resolve,
  toRegistrar,
  type User,
  userAt,
} from './actions.ts';
export {
  type ByHandAnswer,
  type ByHandEnd,
  type ByHandReply,
  sendByHand,
} from './by-hand.ts';
export { readSites } from './content.ts';
export type * from './dashboard/api.ts';
export type * from './dashboard/api-web.ts';
export { serveDashboard } from './dashboard/server.ts';
export { commands, internetView } from './dashboard/view.ts';
export type { DashboardOptions, Experiments } from './dashboard/web.ts';
export { allDissectors } from './dissectors.ts';
export { type Ground, prefixOf, rebase } from './ground.ts';
export { hostsFirst, withName, withoutName } from './hosts-file.ts';
export { Internet, type InternetHost, type InternetOptions, SERVICE_PORTS } from './internet.ts';
export { movedStores } from './moved-stores.ts';
export { memoryStores, type Stores } from './registration.ts';
export { parseScenario } from './scenario/parse.ts';
export { scenarioSchema } from './scenario/schema.ts';
export type * from './scenario/types.ts';
export { SimulatedInternet, type SimulatedRun, type SimulatedRunOptions } from './sim/run.ts';
