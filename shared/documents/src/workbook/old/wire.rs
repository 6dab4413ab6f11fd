//! What the child says to its parent: rows, length by length. The parent trusts none of it: a child that was taken over by its
//! file can say anything, but can't make the parent hold more than a row.

use crate::workbook::limits;
use domain::roster::cell::{Cell, SheetRow};
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use std::io::{Read, Write};

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    /// The sheet is there, and its rows follow.
    Sheet,
    /// A row.
    Row(SheetRow),
    /// No more rows, or no such sheet.
    End,
    /// The file can't be read.
    Refused(FileRefusal),
}

/// Says something.
pub(super) fn send(out: &mut impl Write, message: &Message) -> std::io::Result<()> {
    match message {
        Message::Sheet => out.write_all(b"S"),
        Message::End => out.write_all(b"E"),
        Message::Refused(refusal) => out.write_all(match refusal {
            FileRefusal::PasswordProtected => b"XP",
            FileRefusal::TooLarge(SizeLimit::Columns { .. }) => b"XC",
            FileRefusal::TooLarge(SizeLimit::CellText) => b"XT",
            FileRefusal::TooManyRows => b"XR",
            _ => b"XD",
        }),
        Message::Row(row) => {
            out.write_all(b"R")?;
            out.write_all(&row.number.to_le_bytes())?;
            out.write_all(&u32::try_from(row.cells.len()).unwrap_or(u32::MAX).to_le_bytes())?;
            row.cells.iter().try_for_each(|cell| send_cell(out, cell))
        }
    }
}

fn send_cell(out: &mut impl Write, cell: &Cell) -> std::io::Result<()> {
    match cell {
        Cell::Empty => out.write_all(b"_"),
        Cell::Text(text) => send_text(out, b't', text),
        Cell::Number { stored, .. } => send_text(out, b'n', stored),
        Cell::Date { stored, day } => {
            send_text(out, b'd', stored)?;
            send_text(out, b't', &day.map(|day| day.to_string()).unwrap_or_default())
        }
        Cell::Bool(value) => out.write_all(if *value { b"1" } else { b"0" }),
        Cell::Error(text) => send_text(out, b'e', text),
        Cell::UncalculatedFormula => out.write_all(b"f"),
    }
}

fn send_text(out: &mut impl Write, tag: u8, text: &str) -> std::io::Result<()> {
    out.write_all(&[tag])?;
    out.write_all(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    out.write_all(text.as_bytes())
}

/// Hears something; `None` if the child ended or says what no child of ours says.
pub(super) fn receive(input: &mut impl Read) -> Option<Message> {
    match byte(input)? {
        b'S' => Some(Message::Sheet),
        b'E' => Some(Message::End),
        b'X' => Some(Message::Refused(match byte(input)? {
            b'P' => FileRefusal::PasswordProtected,
            b'C' => FileRefusal::TooLarge(SizeLimit::Columns { columns: limits::COLUMNS }),
            b'T' => FileRefusal::TooLarge(SizeLimit::CellText),
            b'R' => FileRefusal::TooManyRows,
            _ => FileRefusal::Damaged(Damage::Container),
        })),
        b'R' => {
            let number = length(input)?;
            let count = length(input).filter(|count| *count <= limits::COLUMNS)?;
            let cells: Option<Vec<Cell>> = (0..count).map(|_| receive_cell(input)).collect();
            Some(Message::Row(SheetRow { number, cells: cells? }))
        }
        _ => None,
    }
}

fn receive_cell(input: &mut impl Read) -> Option<Cell> {
    Some(match byte(input)? {
        b'_' => Cell::Empty,
        b't' => Cell::Text(receive_text(input)?),
        b'n' => Cell::Number { stored: receive_text(input)?, shown: None },
        b'd' => {
            let stored = receive_text(input)?;
            byte(input).filter(|tag| *tag == b't')?;
            Cell::Date { stored, day: receive_text(input)?.parse().ok() }
        }
        b'1' => Cell::Bool(true),
        b'0' => Cell::Bool(false),
        b'e' => Cell::Error(receive_text(input)?),
        b'f' => Cell::UncalculatedFormula,
        _ => return None,
    })
}

fn receive_text(input: &mut impl Read) -> Option<String> {
    const LONGEST: usize = limits::CELL_CHARACTERS * char::MAX_LEN_UTF8;
    let length = usize::try_from(length(input)?).ok().filter(|length| *length <= LONGEST)?;
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

fn byte(input: &mut impl Read) -> Option<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte).ok()?;
    Some(byte[0])
}

fn length(input: &mut impl Read) -> Option<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes).ok()?;
    Some(u32::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_what_is_heard() {
        let cells = vec![
            Cell::Text("Zoë".into()),
            Cell::Empty,
            Cell::Number { stored: "1.5".into(), shown: None },
            Cell::Date { stored: "45658".into(), day: Some(jiff::civil::date(2025, 1, 1)) },
            Cell::Date { stored: "0.5".into(), day: None },
            Cell::Bool(true),
            Cell::Bool(false),
            Cell::Error("#N/A".into()),
            Cell::UncalculatedFormula,
        ];
        let said = [
            Message::Sheet,
            Message::Row(SheetRow { number: 7, cells }),
            Message::End,
            Message::Refused(FileRefusal::PasswordProtected),
            Message::Refused(FileRefusal::Damaged(Damage::Container)),
        ];
        let mut bytes = Vec::new();
        said.iter().for_each(|message| send(&mut bytes, message).unwrap());
        let mut input = bytes.as_slice();
        let heard: Vec<_> = std::iter::from_fn(|| receive(&mut input)).collect();
        assert_eq!(heard, said);
    }

    #[test]
    fn a_child_that_lies_is_not_believed() {
        for bytes in [
            b"".as_slice(),
            b"?",
            b"R\x01\0\0\0",
            b"R\x01\0\0\0\xFF\xFF\xFF\xFF",
            b"R\x01\0\0\0\x01\0\0\0t\xFF\xFF\xFF\xFF",
            b"R\x01\0\0\0\x01\0\0\0t\x01\0\0\0\xFF",
        ] {
            assert_eq!(receive(&mut &bytes[..]), None, "{bytes:?}");
        }
    }
}
