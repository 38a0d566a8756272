/** A certification authority for the names of an internet: one root, and certificates that it signs. */
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type * as X509 from '@peculiar/x509';
import { UsageError } from '../lib/errors.ts';
import type { Certificate } from '../net/index.ts';
import { BACKDATED_MS, LEAF_MS, NAMES_LIMIT, RENEW_MS, ROOT_MS } from './defaults.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const crypto = webcrypto as unknown as Crypto;

type Crypto = NonNullable<Parameters<typeof X509.cryptoProvider.set>[0]>;
type Library = typeof X509;

/** Loaded at the first certificate: it is 300 files, and most commands need none. */
async function library(): Promise<Library> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(crypto);
  return x509;
}

/** What an authority keeps: its certificate, which clients are to trust, and its key, which nobody may see. */
export interface AuthorityKeys {
  readonly certificate: string;
  readonly key: string;
}

/** Makes the keys of a new authority. `now` is the calendar's. */
export async function newAuthority(name: string, now: number): Promise<AuthorityKeys> {
  const [x509, keys] = [await library(), await generate()];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{ CN: [name] }, { O: ['toplayer'] }],
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + ROOT_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: await keyText(x509, keys.privateKey),
  };
}

/** An authority at work: signs certificates for names, and keeps each until it is to be renewed. */
export class Authority {
  /** In PEM, for clients to trust. */
  readonly certificate: string;
  private readonly x509: Library;
  private readonly root: X509.X509Certificate;
  private readonly key: webcrypto.CryptoKey;
  private readonly now: () => number;
  private readonly issued = new Map<string, { certificate: Certificate; renewAt: number }>();

  private constructor(
    x509: Library,
    certificate: string,
    root: X509.X509Certificate,
    key: webcrypto.CryptoKey,
    now: () => number,
  ) {
    this.x509 = x509;
    this.certificate = certificate;
    this.root = root;
    this.key = key;
    this.now = now;
  }

  /** Throws UsageError where the texts are not a certificate and its key. */
  static async open({ certificate, key }: AuthorityKeys, now: () => number): Promise<Authority> {
    const x509 = await library();
    try {
      const root = new x509.X509Certificate(certificate);
      const raw = x509.PemConverter.decodeFirst(key);
      const secret = await webcrypto.subtle.importKey('pkcs8', raw, ALGORITHM, true, ['sign']);
      return new Authority(x509, certificate, root, secret, now);
    } catch (cause) {
      throw new UsageError('this is not the certificate and the key of an authority', { cause });
    }
  }

  /** Who it says it is, and until when. */
  get subject(): { readonly name: string; readonly from: Date; readonly until: Date } {
    const { subjectName, notBefore, notAfter } = this.root;
    return { name: subjectName.getField('CN').join(', '), from: notBefore, until: notAfter };
  }

  /** SHA-256 of the certificate, in pairs of hexadecimal digits as browsers show it. */
  async fingerprint(): Promise<string> {
    const digest = new Uint8Array(await this.root.getThumbprint('SHA-256'));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
  }

  /**
   * A certificate for these names and addresses, the first one in its subject (RFC 5280 §4.2.1.6).
   * `*.shop.com` is a name too. Throws UsageError for what is neither.
   */
  async issue(names: readonly string[]): Promise<Certificate> {
    const id = names.join(' ');
    const kept = this.issued.get(id);
    if (kept && this.now() < kept.renewAt) return kept.certificate;
    const certificate = await this.sign(names);
    this.issued.delete(id);
    this.issued.set(id, { certificate, renewAt: this.now() + LEAF_MS - RENEW_MS });
    for (const oldest of this.issued.keys()) {
      if (this.issued.size <= NAMES_LIMIT) break;
      this.issued.delete(oldest);
    }
    return certificate;
  }

  private async sign(names: readonly string[]): Promise<Certificate> {
    for (const name of names) checkName(name);
    const { x509 } = this;
    const now = this.now();
    const keys = await generate();
    const alternatives = names.map((value) =>
      isIP(value) === 0 ? { type: 'dns' as const, value } : { type: 'ip' as const, value },
    );
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: [{ CN: [(names[0] as string).slice(0, 64)] }],
      issuer: this.root.subjectName,
      notBefore: new Date(now - BACKDATED_MS),
      notAfter: new Date(now + LEAF_MS),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.key as never,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
        new x509.SubjectAlternativeNameExtension(alternatives),
        await x509.AuthorityKeyIdentifierExtension.create(this.root),
      ],
    });
    const key = await keyText(x509, keys.privateKey);
    return { chain: `${leaf.toString('pem')}\n${this.certificate}`, key };
  }
}

function checkName(name: string): void {
  const host = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,62})\.)*[a-z0-9_]([a-z0-9_-]{0,62})$/i;
  if (isIP(name) !== 0 || (name.length <= 253 && host.test(name))) return;
  throw new UsageError(`not a name for a certificate: ${JSON.stringify(name.slice(0, 80))}`);
}

function generate(): Promise<Keys> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<Keys>;
}

type Keys = Parameters<typeof X509.X509CertificateGenerator.createSelfSigned>[0]['keys'];

/** RFC 5280 §4.1.2.2: positive, and nobody can guess it. */
function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x01;
  return Buffer.from(bytes).toString('hex');
}

async function keyText(x509: Library, key: Keys['privateKey']): Promise<string> {
  const raw = await webcrypto.subtle.exportKey('pkcs8', key as never);
  return `${x509.PemConverter.encode(raw, 'PRIVATE KEY')}\n`;
}
