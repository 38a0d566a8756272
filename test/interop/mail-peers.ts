/** What the peers of a mail host are told: scripts and files of settings. */

/** Sends one message by each way to sign in, under STARTTLS; SCRAM in Python's own words (RFC 5802 §3). */
export const PYTHON_SENDS = `
import base64, hashlib, hmac, os, smtplib, ssl, sys
port, ca = int(sys.argv[1]), sys.argv[2]

class Scram:
    def __init__(self, user, password):
        self.user, self.password, self.step = user, password, 0
    def __call__(self, challenge=None):
        if challenge is None:
            self.nonce = base64.b64encode(os.urandom(18)).decode()
            self.bare = f'n={self.user},r={self.nonce}'
            return 'n,,' + self.bare
        text = challenge.decode()
        if text.startswith('v='):
            assert base64.b64decode(text[2:]) == self.signature, 'the server is not who it says'
            return ''
        said = dict(item.split('=', 1) for item in text.split(','))
        assert said['r'].startswith(self.nonce)
        salted = hashlib.pbkdf2_hmac('sha256', self.password.encode(), base64.b64decode(said['s']), int(said['i']))
        mac = lambda key, message: hmac.new(key, message, hashlib.sha256).digest()
        key = mac(salted, b'Client Key')
        last = f"c=biws,r={said['r']}"
        whole = ','.join([self.bare, text, last]).encode()
        proof = bytes(a ^ b for a, b in zip(key, mac(hashlib.sha256(key).digest(), whole)))
        self.signature = mac(mac(salted, b'Server Key'), whole)
        return f'{last},p={base64.b64encode(proof).decode()}'

for how in ['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN', 'LOGIN']:
    s = smtplib.SMTP('127.0.0.1', port)
    s.starttls(context=ssl.create_default_context(cafile=ca))
    s.ehlo()
    assert how in s.esmtp_features['auth'], s.esmtp_features
    s.user, s.password = 'bob', 'hungry'
    ways = {'SCRAM-SHA-256': Scram('bob', 'hungry'), 'CRAM-MD5': s.auth_cram_md5, 'PLAIN': s.auth_plain, 'LOGIN': s.auth_login}
    s.auth(how, ways[how], initial_response_ok=how != 'CRAM-MD5')
    s.sendmail('bob@mail.test', 'alice@mail.test', f'From: bob@mail.test\\r\\nTo: alice@mail.test\\r\\nSubject: smtplib {how}\\r\\n\\r\\n.\\r\\nGrüße\\r\\n'.encode())
    s.quit()
`;

/** Prints the subjects that poplib and imaplib find. */
export const PYTHON_READS = `
import email, imaplib, poplib, ssl, sys
pop3, imap, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=ca)
p = poplib.POP3('127.0.0.1', pop3)
p.stls(context)
p.user('alice'); p.pass_('tea')
count, size = p.stat()
texts = [b'\\r\\n'.join(p.retr(n + 1)[1]) + b'\\r\\n' for n in range(count)]
assert sum(map(len, texts)) == size, (size, list(map(len, texts)))
p.quit()
m = imaplib.IMAP4('127.0.0.1', imap)
m.starttls(context)
m.login_cram_md5('alice', 'tea')
m.select(readonly=True)
found = [part[1] for part in m.fetch('1:*', '(RFC822)')[1] if isinstance(part, tuple)]
m.logout()
assert found == texts
for text in found: print(email.message_from_bytes(text)['Subject'])
`;

export function mbsyncrc(port: number, trusted: string, near: string): string {
  return `IMAPAccount us
Host localhost
Port ${port}
User alice
Pass tea
SSLType STARTTLS
SSLVersions TLSv1.3
CertificateFile ${trusted}

IMAPStore far
Account us

MaildirStore near
Path ${near}/
Inbox ${near}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`;
}

/** Opens the inbox, flags the first message and leaves. */
export function muttrc(port: number): string {
  return `
set folder="imap://alice@127.0.0.1:${port}/"
set spoolfile="+INBOX"
set imap_pass="tea" ssl_starttls=no ssl_force_tls=no
set imap_authenticators="cram-md5" mark_old=no
set sort=mailbox-order delete=yes confirmappend=no quit=yes wait_key=no
push "<first-entry><flag-message><sync-mailbox><quit>"
`;
}

export function fetchmailrc(port: number, trusted: string, agent: string): string {
  const tls = `ssl sslcertck sslcertfile "${trusted}" sslcommonname "mail.test"`;
  return `poll 127.0.0.1 service ${port} protocol POP3 username alice password tea ${tls} keep fetchall\n  mda "${agent}"\n`;
}
