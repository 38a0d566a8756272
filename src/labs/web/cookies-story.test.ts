import { expect, test } from 'vitest';
import { cookiesStory, cookiesStoryText } from './cookies-story.ts';

test('a week later she is known by her file; the advertiser follows her, or does not', async () => {
  const stories = await cookiesStory({ seed: '1' });
  const [allowed, blocked] = stories;
  for (const story of stories) {
    expect(story.greeting).toBe(
      'Welcome back! You were here 7 days ago. You looked at the mug last.',
    );
    expect(story.file).toMatch(
      /^#HttpOnly_www\.shop\.com\tFALSE\t\/\tFALSE\t\d+\tid\t[0-9a-f]{32}$/m,
    );
  }
  expect(allowed?.profile).toContain('www.news.org/cable-ship.html');
  expect(allowed?.profile).toContain('www.shop.com/goods/kettle');
  expect(blocked?.profile).toEqual([]);
  const visitors = (allowed?.lines ?? []).flatMap(({ url, sent }) =>
    url.endsWith('banner.svg') && sent ? [sent] : [],
  );
  expect(visitors.length).toBeGreaterThan(2);
  expect(new Set(visitors).size).toBe(1);
  const atAds = (blocked?.lines ?? []).filter(({ url }) => url.endsWith('banner.svg'));
  expect(atAds.every(({ sent }) => sent === undefined)).toBe(true);
  const why = 'cookies of sites embedded in other sites are blocked here (RFC 6265bis §7.1)';
  expect(atAds.map(({ refused }) => refused)).toEqual(atAds.map(() => why));
  expect(allowed?.lines.some(({ refused }) => refused !== undefined)).toBe(false);
});

test('is told as text, the same for the same seed', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => cookiesStory({ seed: '7', days: 3 })));
  expect(one).toEqual(two);
  const text = cookiesStoryText(one ?? []);
  expect(text).toContain('www.ads.com/banner.svg (shown by www.news.org)');
  expect(text).toContain('You were here 3 days ago');
  expect(text).toContain('ads.com knows of: nothing');
});
