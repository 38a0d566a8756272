/** Content-Type and Content-Disposition (RFC 2045 §5, RFC 2183). */
import { ignoreDefects, type Report } from '../errors.ts';
import type { ContentType, Disposition, Parameters } from '../types.ts';
import { formatParameter, parseParameters } from './parameters.ts';

const NONE: Parameters = new Map();

/** What a part without the field has (RFC 2045 §5.2). */
export const TEXT_PLAIN: ContentType = {
  type: 'text',
  subtype: 'plain',
  parameters: new Map([['charset', 'us-ascii']]),
};

/** What a part of multipart/digest has (RFC 2046 §5.1.5). */
export const MESSAGE: ContentType = { type: 'message', subtype: 'rfc822', parameters: NONE };

/** The type of a value; text/plain where it is none, with its parameters (RFC 2045 §5.2). */
export function parseContentType(value: string, report: Report = ignoreDefects): ContentType {
  const { word, parameters } = parseParameters(value, report);
  const [, type, subtype] = /^([!#$&^\w.+-]+)\/([!#$&^\w.+-]+)$/.exec(word) ?? [];
  if (type !== undefined && subtype !== undefined) return { type, subtype, parameters };
  report('MIME_BAD_TYPE', 0);
  return { ...TEXT_PLAIN, parameters };
}

export function parseDisposition(value: string, report: Report = ignoreDefects): Disposition {
  const { word, parameters } = parseParameters(value, report);
  return { kind: word, parameters };
}

/** `image/png`. */
export function typeName({ type, subtype }: ContentType): string {
  return `${type}/${subtype}`;
}

export function formatContentType(type: ContentType): string {
  return typeName(type) + parametersText(type.parameters);
}

export function formatDisposition({ kind, parameters }: Disposition): string {
  return kind + parametersText(parameters);
}

function parametersText(parameters: Parameters): string {
  return [...parameters].map(([name, value]) => formatParameter(name, value)).join('');
}
