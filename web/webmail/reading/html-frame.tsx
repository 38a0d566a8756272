/** The HTML of a message, made safe by the server, in a frame that runs nothing and loads nothing but pictures that were asked for. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenedEmail } from '../jmap/types.ts';
import { personName } from '../parts/format.ts';
import { texts } from '../texts.ts';

const LEAST_HEIGHT = 60;
const MOST_HEIGHT = 20_000;

/** Without scripts; of this origin, so that its height can be measured from here. */
const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

/** Messages whose pictures from elsewhere were asked for; until the page is left. */
const withPictures: Set<string> = new Set();

export function HtmlFrame({ email }: { email: OpenedEmail }): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(LEAST_HEIGHT);
  const [isLoaded, setLoaded] = useState(false);
  const [pictures, setPictures] = useState(withPictures.has(email.id));
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
  const showPictures = (): void => {
    withPictures.add(email.id);
    setPictures(true);
  };
  const [sender] = email.from ?? [];
  return (
    <div class="html-body">
      {!pictures && hasPicturesElsewhere(email) && (
        <p class="soft remote">
          {texts.reading.remote}{' '}
          <button type="button" class="plain link" onClick={showPictures}>
            {texts.reading.showRemote}
          </button>
        </p>
      )}
      <iframe
        ref={frame}
        src={`/mail/show/${email.id}${pictures ? '?pictures=outside' : ''}`}
        sandbox={SANDBOX}
        title={texts.reading.frame(sender ? personName(sender) : '')}
        style={{ height: `${height}px` }}
        onLoad={() => setLoaded(true)}
      />
    </div>
  );
}

/** Whether it has pictures that the server has left out. */
function hasPicturesElsewhere({ htmlBody, bodyValues }: OpenedEmail): boolean {
  return htmlBody.some(({ partId, type }) => {
    const html = type === 'text/html' ? (bodyValues[partId ?? '']?.value ?? '') : '';
    return /<img\b[^>]*\ssrc\s*=\s*["']?\s*https?:/i.test(html);
  });
}
