/** What HTML may hold that is shown as it came from somebody else: what draws, nothing that acts. */
import { defaultSchema, type Schema } from 'hast-util-sanitize';

const MORE_TAGS =
  'html head body title style link font center u main header footer nav article aside figure figcaption mark small address caption colgroup col label fieldset legend video audio wbr';
const DRAWN = [
  'style',
  'className',
  'background',
  'bgColor',
  'face',
  'link',
  'vLink',
  'aLink',
  'text',
];

/** The list of GitHub, with what whole pages and mails need to look like themselves. */
export const SCHEMA: Schema = {
  ...defaultSchema,
  tagNames: [
    ...(defaultSchema.tagNames ?? []).filter((name) => name !== 'input'),
    ...MORE_TAGS.split(' ').filter((name) => name !== 'link'),
  ],
  // With their contents: what they hold is not for reading, or is read by other rules.
  strip: [
    'script',
    'template',
    'iframe',
    'frameset',
    'object',
    'embed',
    'applet',
    'svg',
    'math',
    'noembed',
    'noframes',
    'plaintext',
    'xmp',
    'select',
    'textarea',
  ],
  attributes: {
    ...defaultSchema.attributes,
    '*': [...(defaultSchema.attributes?.['*'] ?? []).filter((name) => name !== 'action'), ...DRAWN],
    // The default list takes only classes of its own on these.
    ...Object.fromEntries(['code', 'li', 'ol', 'ul', 'h2', 'section'].map((tag) => [tag, []])),
    a: ['href', 'rel', 'target', 'name'],
    img: ['src', 'alt'],
    video: ['src', 'poster', 'controls'],
    audio: ['src', 'controls'],
    source: ['src', 'type'],
    style: ['media', 'type'],
  },
  protocols: {
    href: ['http', 'https', 'mailto'],
    src: ['data'],
    poster: ['data'],
    background: ['data'],
    cite: ['http', 'https'],
    longDesc: ['http', 'https'],
  },
  // No script can be confused by names: none runs.
  clobber: [],
  required: {},
  allowDoctypes: true,
  allowComments: false,
};

/** The same, with pictures that are on the Web. */
export const WITH_PICTURES: Schema = {
  ...SCHEMA,
  protocols: { ...SCHEMA.protocols, src: ['data', 'http', 'https'] },
};
