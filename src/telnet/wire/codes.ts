/** The commands of RFC 854 and RFC 855, and the options by their numbers. */
export const SE = 240;
export const NOP = 241;
export const BREAK = 243;
export const INTERRUPT = 244;
export const ABORT_OUTPUT = 245;
export const ARE_YOU_THERE = 246;
export const ERASE_CHARACTER = 247;
export const ERASE_LINE = 248;
export const GO_AHEAD = 249;
export const SB = 250;
export const WILL = 251;
export const WONT = 252;
export const DO = 253;
export const DONT = 254;
export const IAC = 255;

const COMMANDS: Readonly<Record<number, string>> = {
  240: 'SE',
  241: 'NOP',
  242: 'DATA MARK',
  243: 'BREAK',
  244: 'INTERRUPT PROCESS',
  245: 'ABORT OUTPUT',
  246: 'ARE YOU THERE',
  247: 'ERASE CHARACTER',
  248: 'ERASE LINE',
  249: 'GO AHEAD',
  250: 'SB',
  251: 'WILL',
  252: 'WONT',
  253: 'DO',
  254: 'DONT',
};

const OPTIONS: Readonly<Record<number, string>> = {
  0: 'BINARY',
  1: 'ECHO',
  3: 'SUPPRESS GO AHEAD',
  5: 'STATUS',
  6: 'TIMING MARK',
  24: 'TERMINAL TYPE',
  31: 'WINDOW SIZE',
  32: 'TERMINAL SPEED',
  33: 'REMOTE FLOW CONTROL',
  34: 'LINEMODE',
  35: 'X DISPLAY',
  36: 'ENVIRONMENT',
  39: 'NEW ENVIRONMENT',
};

export function commandName(code: number): string {
  return COMMANDS[code] ?? String(code);
}

export function optionName(option: number): string {
  return OPTIONS[option] ?? String(option);
}
