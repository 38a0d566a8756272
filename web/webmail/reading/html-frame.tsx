/** The HTML of a message, made safe by the server, in a frame that runs and loads nothing. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenedEmail } from '../jmap/types.ts';
import { personName } from '../parts/format.ts';
import { texts } from '../texts.ts';

const LEAST_HEIGHT = 60;
const MOST_HEIGHT = 20_000;

/** Without scripts; of this origin, so that its height can be measured from here. */
const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

export function HtmlFrame({ email }: { email: OpenedEmail }): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(LEAST_HEIGHT);
  const [isLoaded, setLoaded] = useState(false);
  useEffect(() => {
    const body = isLoaded ? frame.current?.contentDocument?.documentElement : undefined;
    if (!body) return;
    const measure = (): void =>
      setHeight(Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, body.offsetHeight + 2)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(body);
    return () => observer.disconnect();
  }, [isLoaded]);
  const [sender] = email.from ?? [];
  return (
    <div class="html-body">
      {loadsFromElsewhere(email) && <p class="soft remote">{texts.reading.remote}</p>}
      <iframe
        ref={frame}
        src={`/mail/show/${email.id}`}
        sandbox={SANDBOX}
        title={texts.reading.frame(sender ? personName(sender) : '')}
        style={{ height: `${height}px` }}
        onLoad={() => setLoaded(true)}
      />
    </div>
  );
}

/** Whether there is something that the server has left out. */
export function loadsFromElsewhere({ htmlBody, bodyValues }: OpenedEmail): boolean {
  return htmlBody.some(({ partId, type }) => {
    const html = type === 'text/html' ? (bodyValues[partId ?? '']?.value ?? '') : '';
    return /\b(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:https?:)?\/\/|url\(\s*["']?\s*https?:/i.test(
      html,
    );
  });
}
