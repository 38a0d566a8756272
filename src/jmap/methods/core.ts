/** Core/echo (RFC 8620 §4). */
import type { Method } from '../service.ts';

export const coreEcho: Method = (args) => args;
