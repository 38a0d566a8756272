/** What the shop sells, and how it looks. */

export interface Good {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly shelf: 'kitchen' | 'desk' | 'outdoors';
  readonly about: string;
  /** Shapes within 120 by 120. */
  readonly picture: string;
}

const [DARK, STEEL, GOLD, GREEN, RUST, PAPER] = [
  '#2b2118',
  '#7b8a94',
  '#e5b94c',
  '#0b6b5d',
  '#b4541a',
  '#fffaf3',
];

export const GOODS: readonly Good[] = [
  {
    id: 'kettle',
    name: 'Kettle',
    price: 29,
    shelf: 'kitchen',
    about: 'Boils a litre while a page loads over a modem.',
    picture: `<path d="M36 44h48l10 56H26Z" fill="${STEEL}"/><path d="M84 60h16l-6 26M48 44c0-14 24-14 24 0" fill="none" stroke="${DARK}" stroke-width="6"/>`,
  },
  {
    id: 'mug',
    name: 'Mug',
    price: 9,
    shelf: 'kitchen',
    about: 'Holds tea for one. Its handle fits a left hand as well.',
    picture: `<path d="M32 34h44v58a8 8 0 0 1-8 8H40a8 8 0 0 1-8-8Z" fill="${RUST}"/><path d="M76 48h8a14 14 0 0 1 0 30h-8" fill="none" stroke="${RUST}" stroke-width="7"/>`,
  },
  {
    id: 'teapot',
    name: 'Teapot',
    price: 34,
    shelf: 'kitchen',
    about: 'Answers 418 to coffee (RFC 2324 section 2.3.2).',
    picture: `<ellipse cx="60" cy="70" rx="32" ry="26" fill="${GREEN}"/><path d="M90 60l16-12-6 26M28 56a14 14 0 0 0 2 28" fill="none" stroke="${GREEN}" stroke-width="6"/><circle cx="60" cy="40" r="6" fill="${DARK}"/>`,
  },
  {
    id: 'lamp',
    name: 'Lamp',
    price: 45,
    shelf: 'desk',
    about: 'Warm light for long evenings with a packet trace.',
    picture: `<path d="M40 24h40l16 40H24Z" fill="${GOLD}"/><path d="M57 64h6v36h-6zM36 100h48v6H36z" fill="${DARK}"/>`,
  },
  {
    id: 'book',
    name: 'Book',
    price: 18,
    shelf: 'desk',
    about: 'Everything about cookies, and two recipes.',
    picture: `<path d="M26 28h64v70H34a8 8 0 0 1-8-8Z" fill="${GREEN}"/><path d="M34 88h56v10H34a5 5 0 0 1 0-10Z" fill="${PAPER}"/><path d="M42 46h34M42 58h34" stroke="${PAPER}" stroke-width="4"/>`,
  },
  {
    id: 'clock',
    name: 'Clock',
    price: 52,
    shelf: 'desk',
    about: 'Never jumps, not even on the thirtieth of February.',
    picture: `<circle cx="60" cy="60" r="40" fill="${PAPER}" stroke="${DARK}" stroke-width="6"/><path d="M60 34v26l18 12" fill="none" stroke="${RUST}" stroke-width="6" stroke-linecap="round"/>`,
  },
  {
    id: 'umbrella',
    name: 'Umbrella',
    price: 24,
    shelf: 'outdoors',
    about: 'Keeps off rain from above and, held lower, from the side.',
    picture: `<path d="M16 64a44 40 0 0 1 88 0Z" fill="${RUST}"/><path d="M60 24v68a10 10 0 0 0 20 0" fill="none" stroke="${DARK}" stroke-width="6"/>`,
  },
  {
    id: 'plant',
    name: 'Plant',
    price: 16,
    shelf: 'outdoors',
    about: 'Wants water once a week, and nothing else from you.',
    picture: `<path d="M40 78h40l-6 26H46Z" fill="${RUST}"/><path d="M60 78V44M60 58C40 56 34 44 34 30c18 2 26 12 26 28M60 52c18-2 26-12 26-26-18 2-26 12-26 26" fill="${GREEN}" stroke="${GREEN}" stroke-width="4"/>`,
  },
  {
    id: 'radio',
    name: 'Radio',
    price: 61,
    shelf: 'outdoors',
    about: 'One station at a time, chosen by you and known to nobody.',
    picture: `<rect x="18" y="44" width="84" height="54" rx="8" fill="${STEEL}"/><circle cx="44" cy="71" r="17" fill="${DARK}"/><path d="M72 60h20M72 72h20M72 84h12M30 44l50-26" stroke="${PAPER}" stroke-width="5"/><path d="M30 44l50-26" stroke="${DARK}" stroke-width="4"/>`,
  },
];

const BY_ID = new Map(GOODS.map((good) => [good.id, good]));

export function goodNamed(id: unknown): Good | undefined {
  return typeof id === 'string' ? BY_ID.get(id) : undefined;
}

export function pictureOf({ name, picture }: Good): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" role="img" aria-label="${name}"><rect width="120" height="120" fill="#f6eadb"/>${picture}</svg>`;
}

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#9a4513"/><path d="M9 13h14l2 13H7Z" fill="#fff"/><path d="M12 13v-2a4 4 0 0 1 8 0v2" fill="none" stroke="#fff" stroke-width="2"/></svg>`;
