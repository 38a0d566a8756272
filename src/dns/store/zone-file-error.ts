import { AppError } from '../../lib/errors.ts';

/** A place in a master file: line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong in a master file, and where: `campus.zone:12:5: expected an IPv4 address`. */
export class ZoneFileError extends AppError {
  readonly place: Place;

  constructor(place: Place, problem: string, spec = 'RFC 1035 §5.1') {
    const { file, line, column } = place;
    super('DNS_ZONE_FILE', `${file}:${line}:${column}: ${problem}`, { spec });
    this.place = place;
  }
}
