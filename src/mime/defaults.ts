/** The limits of MIME, each with its reason. */

/** A line without its CRLF (RFC 5322 §2.1.1). */
export const LINE_LIMIT = 998;

/** Where lines of a header are folded (RFC 5322 §2.1.1). */
export const FOLD_AT = 78;

/** A line of quoted-printable or base64 (RFC 2045 §6.7, §6.8). */
export const ENCODED_LINE = 76;

/** An encoded word as we write it: with the longest field name in a line of 76 (RFC 2047 §2 allows 75). */
export const WORD_LIMIT = 55;

/** A section of a long parameter, so that it fits in a line with its name (RFC 2231 §3). */
export const PARAMETER_SECTION = 60;

/** Sections of one parameter that are joined: a file name of 6,000 characters. */
export const SECTION_LIMIT = 100;

/** Parameters of one field that are read; there are four names that mean anything. */
export const PARAMETER_LIMIT = 64;

/** Addresses of one field: as many as a large list writes by hand. */
export const ADDRESS_LIMIT = 10_000;

/** Comments within comments: the grammar sets no end to it, people write one. */
export const COMMENT_DEPTH = 32;

/** One header, in bytes. Real ones have 2 to 20 KiB; many Received and signatures make 64. */
export const HEADER_LIMIT: number = 256 * 1024;

/** One line of a header as it is read: a To of a thousand names on one line. */
export const HEADER_LINE_LIMIT: number = 64 * 1024;

/** All headers of one message together: what the tree of a message may cost in memory. */
export const ALL_HEADERS_LIMIT: number = 8 * 1024 * 1024;

/** Fields of one header: 30 to 100 in practice. */
export const FIELD_LIMIT = 1_000;

/** Multiparts and messages within each other; forwarded forwards reach ten. */
export const DEPTH_LIMIT = 50;

/** Parts of one message, at all depths: a digest of a month. */
export const PART_LIMIT = 2_000;

/** Defects that are kept: one for each code and part, so many in all. */
export const DEFECT_LIMIT = 200;

/** A line that may still be a boundary: 70 characters, dashes, and patience for blanks behind them. */
export const BOUNDARY_LINE_LIMIT = 1_000;

/** Blanks that are held until it is clear that a line of quoted-printable does not end with them. */
export const BLANKS_LIMIT = 1_000;

/** Style sheets that import others, which import others. */
export const SHEET_DEPTH = 5;

/** A URL that fits in a line with its field name: folding one is not safe (RFC 2557 §4.4.1). */
export const LOCATION_LIMIT = 900;

/** Objects of a saved page that are shown: a page with more is no page. */
export const SHOWN_OBJECTS = 2_000;

/** All data: URLs of a shown page together: what a browser still takes as one text. */
export const SHOWN_BYTES: number = 64 * 1024 * 1024;
