//! A roster that is sound and still asks a lot: a few kilobytes whose cells, each with the text it names, are nearly as much as
//! a sheet may hold. It may be read, row by row; whoever keeps its rows fills the memory.

use super::{SHEET, STRINGS, book, sheet, sound_cells, text};

/// The longest text of a cell, in letters.
const LONGEST: usize = 32_767;

/// A roster with the seven headings, so many rows below them, and so many further columns: each of their cells names the same
/// text of 32,767 letters. 120 rows of 240 such columns are just under the gigabyte of text that a sheet may hold.
pub fn wide_roster_of_one_long_text(rows: usize, columns: usize) -> Vec<u8> {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(LONGEST));
    let row = format!("<row>{}{}</row>", sound_cells(), "<c t=\"s\"><v>0</v></c>".repeat(columns));
    book([(STRINGS, text(&strings)), (SHEET, sheet(|out| out.write(row.repeat(rows).as_bytes())))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use documents::workbook::RosterFile;
    use domain::roster::cell::Cell;

    #[test]
    fn a_few_kilobytes_are_read_soundly_as_nearly_a_gigabyte_of_text() {
        let bytes = wide_roster_of_one_long_text(120, 240);
        assert!(bytes.len() < 16_000, "{}", bytes.len());
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut rows = RosterFile::open(file.path()).unwrap().rows().unwrap();
        assert_eq!(rows.next_row().unwrap().map(|row| row.cells.len()), Some(7));
        let (mut count, mut letters) = (0, 0);
        while let Some(row) = rows.next_row().unwrap() {
            assert_eq!(row.cells.len(), 247);
            count += 1;
            letters += row.cells[7..]
                .iter()
                .map(|cell| if let Cell::Text(text) = cell { text.len() } else { 0 })
                .sum::<usize>();
        }
        assert_eq!((count, letters), (120, 120 * 240 * LONGEST));
    }
}
