//! How much a file may ask of its reader. Every number here is counted while reading; what a file declares about itself is
//! never believed.

/// Excel's 1,048,575 rows of our seven columns are about 42 MB; half as much again for rosters with more columns.
pub(super) const FILE_MEGABYTES: u32 = (FILE_BYTES / 1_000_000) as u32;
/// [`FILE_MEGABYTES`] in bytes.
pub(super) const FILE_BYTES: u64 = domain::import::LARGEST_FILE;

/// Readers of the old kinds hold the whole sheet in memory, at about 30 times the size of the file: 5 MB stay under the
/// 192 MB of [`CHILD_MEMORY_BYTES`].
pub(super) const LEGACY_FILE_MEGABYTES: u32 = (LEGACY_FILE_BYTES / 1_000_000) as u32;
/// [`LEGACY_FILE_MEGABYTES`] in bytes.
pub(super) const LEGACY_FILE_BYTES: u64 = domain::import::LARGEST_OLD_FILE;

/// Excel's rows: a heading row and 1,048,575 records.
pub(super) const ROWS: u32 = 1_048_576;

/// A roster has seven columns; boards' exports have up to about sixty. A row of 256 texts of the longest kind is 8 MB.
pub(super) const COLUMNS: u32 = 256;

/// Excel's own number of columns (XFD): an address beyond it can't exist.
pub(super) const COLUMNS_OF_EXCEL: u32 = 16_384;

/// Excel's own limit for the text of a cell, in characters.
pub(super) const CELL_CHARACTERS: usize = 32_767;

/// A workbook with 100 sheets, each with drawings and comments, has about 700 parts.
pub(super) const PARTS: u64 = 1_000;

/// The name of a part: `xl/worksheets/_rels/sheet100.xml.rels` has 38 bytes.
pub(super) const PART_NAME_BYTES: usize = 1_024;

/// Number formats of a workbook's own. Excel allows about 250; other programs, more.
pub(super) const NUMBER_FORMATS: usize = 10_000;

/// A sheet of 1,048,575 rows and seven columns is about 350 MB of XML; three times that.
pub(super) const SHEET_BYTES: u64 = 1 << 30;

/// Shared texts as XML, streamed: 1,048,575 rows of seven texts that each occur once, with 35 letters and 20 bytes of tags.
pub(super) const TEXTS_BYTES: u64 = 384 << 20;

/// Shared texts as they stay in memory, each with four bytes for its place: the same 7.3 million texts with 18 letters each.
/// With the reader's buffers that is well under 256 MB.
pub(super) const TEXTS_HELD_BYTES: usize = 160 << 20;

/// Text that a sheet's cells hold in all, each shared text counted as often as it stands there: 1,048,575 rows of seven
/// cells with 140 letters each.
pub(super) const SHEET_TEXT_BYTES: u64 = 1 << 30;

/// Styles of a workbook that was pasted together for years: 4 MB seen; four times that.
pub(super) const STYLES_BYTES: u64 = 16 << 20;

/// The list of sheets, the relationships and the content types grow with [`PARTS`]: 1,000 × 1 KB; twice that.
pub(super) const INDEX_BYTES: u64 = 2 << 20;

/// What may be unpacked while looking for the headings, over all sheets: a heading row stands within its sheet's first
/// megabyte, and 200 sheets of a megabyte are looked through.
pub(super) const SEARCH_BYTES: u64 = 200 << 20;

/// Deflate reaches 1,032 : 1 on a single repeated byte; the most repetitive roster seen, 40 : 1.
pub(super) const RATIO: u64 = 200;
/// Below this size a ratio harms nobody.
pub(super) const RATIO_FROM_BYTES: u64 = 1 << 20;

/// One tag or one run of text. The longest text of a cell is 32,767 characters, each written as `_x000D_` at worst: 224 KiB.
pub(super) const MARKUP_BYTES: usize = 256 << 10;

/// A sheet nests to about 8, extensions to about 20.
pub(super) const MARKUP_DEPTH: usize = 64;

/// Tags and texts of one part. 1,048,575 rows of seven cells are 40 million; twice that, so that a gigabyte of empty tags
/// ends within seconds.
pub(super) const MARKUP_EVENTS: u32 = 80_000_000;

/// The heading row is looked for in so many rows that aren't blank: titles, an address and instructions may stand above it.
pub(super) const HEADING_ROWS: usize = 50;

/// A row that has fewer of the headings is no heading row with something missing.
pub(super) const HEADINGS_OF_A_CANDIDATE: usize = 3;

/// What the child that reads old kinds of workbooks may allocate, so that parent and child stay under 256 MB.
pub(super) const CHILD_MEMORY_BYTES: u64 = 192 << 20;

/// Processor seconds of that child: 5 MB take under one.
pub(super) const CHILD_SECONDS: u64 = 8;
