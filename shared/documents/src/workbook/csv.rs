//! A table of text, record by record: commas, semicolons, tabs or bars, in whatever encoding. It never holds more than one
//! record, and a quotation mark that is never closed ends in an error instead of swallowing the rest of the file.

use super::encoding::{Encoding, Utf8Reader};
use super::headings::search;
use super::limits;
use super::sheet::text_cell;
use super::texts::check_length;
use super::trouble::ReadError;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use domain::import::Subject;
use domain::roster::cell::{Cell, SheetRow};
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use rawzip::{FileReader, RangeReader};
use std::io::BufRead;
use std::sync::Arc;

/// What may stand between fields, the most usual first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The records of a text that hold something, numbered as a spreadsheet program would number them: each record is a row, and
/// so is each empty line.
pub(super) struct CsvRows {
    text: Utf8Reader<RangeReader<Arc<FileReader>>>,
    reader: Reader,
    fields: Vec<u8>,
    ends: Vec<usize>,
    number: u32,
    last_byte: u8,
}

/// A text file. Every reader of it has a position of its own.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    pub(super) file: Arc<FileReader>,
    pub(super) bytes: u64,
    pub(super) encoding: Encoding,
}

/// Room for a record of the usual size; it grows as far as the limits of a row allow.
const RECORD_BYTES: usize = 4 << 10;

impl CsvRows {
    /// Starts at the file's first byte.
    pub(super) fn open(file: &TextFile, delimiter: u8) -> Result<Self, ReadError> {
        let bytes = RangeReader::new(Arc::clone(&file.file), 0..file.bytes);
        let mut rows = Self {
            text: Utf8Reader::new(bytes, file.encoding),
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            fields: vec![0; RECORD_BYTES],
            ends: vec![0; limits::COLUMNS as usize],
            number: 0,
            last_byte: b'\n',
        };
        rows.skip_start()?;
        Ok(rows)
    }

    /// The next record that holds something.
    pub(super) fn next_row(&mut self) -> Result<Option<SheetRow>, ReadError> {
        while self.skip_empty_lines()? {
            let fields = self.read_record()?;
            self.number = self.number.saturating_add(1);
            let row = self.row(fields)?;
            if !row.is_blank() {
                if row.number > limits::ROWS {
                    return Err(FileRefusal::TooManyRows.into());
                }
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Skips the byte order mark, and the line `sep=;` by which Excel is told the delimiter: it is no row there either.
    fn skip_start(&mut self) -> Result<(), ReadError> {
        if self.text.fill_buf()?.starts_with("\u{FEFF}".as_bytes()) {
            self.text.consume("\u{FEFF}".len());
        }
        let start = self.text.fill_buf()?;
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', _, b'\r' | b'\n', ..] = start {
            let length = if start.get(5..7) == Some(b"\r\n") { 7 } else { 6 };
            self.text.consume(length);
        }
        Ok(())
    }

    /// Goes to the next record; false at the end.
    fn skip_empty_lines(&mut self) -> Result<bool, ReadError> {
        loop {
            let Some(byte) = self.text.fill_buf()?.first().copied() else { return Ok(false) };
            match byte {
                b'\n' if self.last_byte == b'\r' => {}
                b'\n' | b'\r' => self.number = self.number.saturating_add(1),
                _ => return Ok(true),
            }
            self.last_byte = byte;
            self.text.consume(1);
        }
    }

    /// Reads a record into `fields` and `ends`, and says how many fields it has.
    fn read_record(&mut self) -> Result<usize, ReadError> {
        let (mut written, mut ended) = (0, 0);
        loop {
            let input = self.text.fill_buf()?;
            let at_end = input.is_empty();
            // A line feed ends a last line that has none. If it doesn't, a quotation mark was never closed.
            let input = if at_end { b"\n".as_slice() } else { input };
            let (result, taken, added, new_ends) =
                self.reader.read_record(input, &mut self.fields[written..], &mut self.ends[ended..]);
            if taken > 0 {
                self.last_byte = input[taken - 1];
            }
            if !at_end {
                self.text.consume(taken);
            }
            written += added;
            ended += new_ends;
            let field_starts = if ended == 0 { 0 } else { self.ends[ended - 1] };
            match result {
                ReadRecordResult::Record => return Ok(ended),
                ReadRecordResult::InputEmpty if at_end => return Err(Damage::OpenQuote.into()),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.grow(field_starts)?,
                ReadRecordResult::OutputEndsFull => {
                    return Err(FileRefusal::TooLarge(SizeLimit::Columns { columns: limits::COLUMNS }).into());
                }
                ReadRecordResult::End => return Ok(ended),
            }
        }
    }

    /// Makes room for more, unless the field that is being read is already longer than a cell can be.
    fn grow(&mut self, field_starts: usize) -> Result<(), ReadError> {
        let field = &self.fields[field_starts..];
        if field.len() > limits::CELL_CHARACTERS * char::MAX_LEN_UTF8 {
            return Err(too_long(field));
        }
        self.fields.resize(self.fields.len() * 2, 0);
        Ok(())
    }

    fn row(&self, fields: usize) -> Result<SheetRow, ReadError> {
        let mut cells = Vec::with_capacity(fields);
        let mut start = 0;
        for end in &self.ends[..fields] {
            let field = &self.fields[start..*end];
            start = *end;
            let text = std::str::from_utf8(field).map_err(|_| Damage::Encoding)?;
            check_length(text).map_err(|_| too_long(field))?;
            // The old end-of-file mark, which some programs still write, is no text.
            cells.push(text_cell(unwrap_formula(text.trim_end_matches('\u{1A}'))));
        }
        let held = cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |last| last + 1);
        cells.truncate(held);
        Ok(SheetRow { number: self.number, cells })
    }
}

/// A field of more than one line that is too long is what an unclosed quotation mark makes.
fn too_long(field: &[u8]) -> ReadError {
    match field.contains(&b'\n') {
        true => Damage::OpenQuote.into(),
        false => FileRefusal::TooLarge(SizeLimit::CellText).into(),
    }
}

/// `="00123"`, by which some programs keep Excel from dropping the zeros, is the text 00123.
fn unwrap_formula(text: &str) -> &str {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(text)
}

/// The delimiter under which the first rows show most of the headings; the first of the list if none does.
pub(super) fn sniff_delimiter(file: &TextFile, subject: Subject) -> Result<u8, ReadError> {
    let mut best = (0, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let mut rows = CsvRows::open(file, delimiter)?;
        let recognised = match search(subject, || rows.next_row()) {
            Ok(search) => search.recognised(),
            // What can't be read with this delimiter may be sound with another; if not, reading it says so again.
            Err(ReadError::Refused(_)) => 0,
            Err(error @ ReadError::Io(_)) => return Err(error),
        };
        if recognised > best.0 {
            best = (recognised, delimiter);
        }
    }
    Ok(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// The rows of a text as `number: field|field`, or the refusal's code.
    fn rows(bytes: &[u8], delimiter: u8) -> Vec<String> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let encoding = Encoding::utf16_of(bytes).unwrap_or(Encoding::Utf8);
        let file = TextFile { file: Arc::new(FileReader::from(file)), bytes: bytes.len() as u64, encoding };
        let mut rows = CsvRows::open(&file, delimiter).unwrap();
        let mut shown = Vec::new();
        loop {
            match rows.next_row() {
                Ok(Some(row)) => {
                    let fields: Vec<_> = row.cells.iter().map(text_of).collect();
                    shown.push(format!("{}: {}", row.number, fields.join("|")));
                }
                Ok(None) => return shown,
                Err(error) => {
                    shown.push(format!("{error}"));
                    return shown;
                }
            }
        }
    }

    fn text_of(cell: &Cell) -> &str {
        match cell {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    #[test]
    fn records_are_numbered_as_rows_of_a_sheet() {
        assert_eq!(rows(b"a,b\nc,d\n", b','), ["1: a|b", "2: c|d"]);
        assert_eq!(rows(b"a,b\r\n\r\nc,d", b','), ["1: a|b", "3: c|d"]);
        assert_eq!(rows(b"a\r\rb\r", b','), ["1: a", "3: b"]);
        assert_eq!(rows(b"\n\n\na\n", b','), ["4: a"]);
        assert_eq!(rows(b"a\n,,\n \nb\n", b','), ["1: a", "4: b"]);
        assert_eq!(rows(b"\"a\nb\",c\nd\n", b','), ["1: a\nb|c", "2: d"]);
        assert_eq!(rows(b"\xEF\xBB\xBFsep=;\r\na;b\r\nc;d", b';'), ["1: a|b", "2: c|d"]);
        assert_eq!(rows(b"a\n\x1A", b','), ["1: a"]);
        assert_eq!(rows(b"", b','), Vec::<String>::new());
    }

    #[test]
    fn quotes_and_text_wrappers_are_taken_off() {
        assert_eq!(rows(b"\"say \"\"hi\"\"\",=\"00123\",\"=\"\"0045\"\"\"", b','), ["1: say \"hi\"|00123|0045"]);
        assert_eq!(rows(b"=1+1,=\"a\"&\"b\"", b','), ["1: =1+1|=\"a\"&\"b\""]);
        assert_eq!(rows(b"5\" pipe,x", b','), ["1: 5\" pipe|x"]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_an_error_and_no_cell() {
        let open = ReadError::from(Damage::OpenQuote).to_string();
        assert_eq!(rows(b"a,b\n\"c,d\ne,f\n", b','), ["1: a|b", &open]);
        let mut long = b"a\n\"".to_vec();
        long.extend(b"x,y\n".repeat(100_000));
        assert_eq!(rows(&long, b','), ["1: a", &open]);
    }

    #[test]
    fn a_record_is_as_long_as_a_row_may_be() {
        let widest = vec!["x"; limits::COLUMNS as usize].join(",");
        assert_eq!(rows(format!("{widest}\n{widest}").as_bytes(), b',').len(), 2);
        let too_wide = format!("{widest},x\n");
        assert!(rows(too_wide.as_bytes(), b',')[0].contains("beyond column 256"));
        let longest = "x".repeat(limits::CELL_CHARACTERS);
        assert_eq!(rows(longest.as_bytes(), b',').len(), 1);
        assert!(rows(format!("{longest}x").as_bytes(), b',')[0].contains("32,767 characters"));
        let too_long = "x".repeat(1_000_000);
        assert!(rows(too_long.as_bytes(), b',')[0].contains("32,767 characters"));
    }

    #[test]
    fn utf_16_is_read_with_its_line_breaks() {
        let text: Vec<u8> = "\u{FEFF}Zoë\t\"a\nb\"\r\nx\ty".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(rows(&text, b'\t'), ["1: Zoë|a\nb", "2: x|y"]);
    }
}
