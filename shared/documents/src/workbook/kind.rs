//! What kind of file it is, told by its content and never by its name.

use super::container::{Container, fold};
use super::csv::TextFile;
use super::encoding::Encoding;
use super::limits;
use super::package::{content_type, main_part};
use super::trouble::ReadError;
use domain::roster::file::{Damage, FileRefusal, SizeLimit, Unsupported};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

/// A kind of file that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook in Office Open XML.
    Xlsx,
    /// A table of text.
    Csv,
    /// A workbook of Excel 97 to 2003.
    Xls,
    /// A workbook in Excel's binary form.
    Xlsb,
    /// An OpenDocument spreadsheet.
    Ods,
}

/// A file of which the kind is known, with what was learned on the way.
#[derive(Debug)]
pub(super) enum Told {
    /// An .xlsx and the name of its main part.
    Xlsx(Container, String),
    /// A text.
    Text(TextFile),
    /// A workbook of an old kind.
    Old(FileKind),
}

/// How much of a file is looked at to tell its kind.
const START_BYTES: u64 = 4_096;

/// Tells the kind of a file within the limits.
pub(super) fn tell(file: &File) -> Result<Told, ReadError> {
    let size = file.metadata()?.len();
    if size == 0 {
        return Err(FileRefusal::UnsupportedFormat(Unsupported::Empty).into());
    }
    if size > limits::FILE_BYTES {
        return Err(FileRefusal::TooLarge(SizeLimit::File { megabytes: limits::FILE_MEGABYTES }).into());
    }
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    let mut start = Vec::new();
    file.by_ref().take(START_BYTES).read_to_end(&mut start)?;
    file.seek(SeekFrom::Start(0))?;
    let told = if start.starts_with(b"PK") {
        tell_zip(Container::open(file)?)?
    } else if start.starts_with(b"\xD0\xCF\x11\xE0") {
        tell_compound(file)?
    } else {
        tell_other(&start)?;
        let encoding = text_encoding(&mut file)?;
        Told::Text(TextFile { file: Arc::new(file.into()), bytes: size, encoding })
    };
    if matches!(told, Told::Old(_)) && size > limits::LEGACY_FILE_BYTES {
        return Err(FileRefusal::TooLarge(SizeLimit::LegacyFile { megabytes: limits::LEGACY_FILE_MEGABYTES }).into());
    }
    Ok(told)
}

fn tell_zip(container: Container) -> Result<Told, ReadError> {
    let refuse = |kind| Err(FileRefusal::UnsupportedFormat(kind).into());
    if container.has("mimetype") {
        let mut kind = String::new();
        let limit = super::container::PartLimit { bytes: START_BYTES, what: SizeLimit::Unpacked };
        container.part("mimetype", limit)?.read_to_string(&mut kind)?;
        if kind.trim().starts_with("application/vnd.oasis.opendocument.spreadsheet") {
            return Ok(Told::Old(FileKind::Ods));
        }
        return refuse(Unsupported::OtherDocument);
    }
    if container.names().any(|name| name.ends_with(".iwa") || name == "index.zip" || name.ends_with("/index.zip")) {
        return refuse(Unsupported::Numbers);
    }
    let Some(main) = main_part(&container)? else {
        let a_document = container.names().any(|name| name.starts_with("word/") || name.starts_with("ppt/"));
        let a_workbook = container.names().any(|name| name.starts_with("xl/") || name == "[content_types].xml");
        return match (a_document, a_workbook) {
            (true, _) => refuse(Unsupported::OtherDocument),
            (false, true) => Err(Damage::MissingPart.into()),
            (false, false) => refuse(Unsupported::Unknown),
        };
    };
    let kind = content_type(&container, &main)?.unwrap_or_default();
    if kind.contains("sheet.binary") || (kind.is_empty() && fold(&main).ends_with(".bin")) {
        return Ok(Told::Old(FileKind::Xlsb));
    }
    if kind.contains("macroenabled") || container.names().any(|name| name.ends_with("vbaproject.bin")) {
        return refuse(Unsupported::MacroWorkbook);
    }
    if ["wordprocessingml", "presentationml", "drawingml", "visio"].iter().any(|other| kind.contains(other)) {
        return refuse(Unsupported::OtherDocument);
    }
    if !container.has(&main) {
        return Err(Damage::MissingPart.into());
    }
    Ok(Told::Xlsx(container, main))
}

/// Tells what an OLE compound file holds, by the names in its directory. Directory entries stand at multiples of 128 bytes,
/// so the names are found without following chains of sectors, which a hostile file could make endless.
fn tell_compound(mut file: File) -> Result<Told, ReadError> {
    const ENTRY_BYTES: usize = 128;
    let mut buffer = vec![0; ENTRY_BYTES * 512];
    let (mut root, mut workbook) = (false, false);
    let mut other = false;
    loop {
        let count = read_full(&mut file, &mut buffer)?;
        for entry in buffer[..count].chunks_exact(ENTRY_BYTES) {
            match entry_name(entry).as_deref() {
                Some("EncryptedPackage") => return Err(FileRefusal::PasswordProtected.into()),
                Some("Workbook" | "Book") => workbook = true,
                Some("Root Entry") => root = true,
                Some("WordDocument" | "PowerPoint Document" | "VisioDocument" | "__properties_version1.0") => {
                    other = true
                }
                Some(_) | None => {}
            }
        }
        if count < buffer.len() {
            break;
        }
    }
    match (workbook, other || root) {
        (true, _) => Ok(Told::Old(FileKind::Xls)),
        (false, true) => Err(FileRefusal::UnsupportedFormat(Unsupported::OtherDocument).into()),
        (false, false) => Err(Damage::Container.into()),
    }
}

/// The name of a directory entry: UTF-16, its length in bytes at offset 64, the entry's type at 66.
fn entry_name(entry: &[u8]) -> Option<String> {
    const STORAGE_STREAM_OR_ROOT: [u8; 3] = [1, 2, 5];
    let length = usize::from(u16::from_le_bytes([entry[64], entry[65]]));
    if !(4..=64).contains(&length) || length % 2 != 0 || !STORAGE_STREAM_OR_ROOT.contains(&entry[66]) {
        return None;
    }
    let units: Vec<u16> =
        entry[..length - 2].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

/// Refuses the files that are often taken for tables.
fn tell_other(start: &[u8]) -> Result<(), FileRefusal> {
    let text = match Encoding::utf16_of(start) {
        Some(Encoding::Utf16Be) => encoding_rs::UTF_16BE.decode(start).0,
        Some(_) => encoding_rs::UTF_16LE.decode(start).0,
        None => String::from_utf8_lossy(start),
    };
    let text = text.trim_start_matches('\u{FEFF}').trim_start().to_ascii_lowercase();
    let refuse = |kind| Err(FileRefusal::UnsupportedFormat(kind));
    if text.is_empty() {
        return refuse(Unsupported::Empty);
    }
    if text.starts_with("%pdf") {
        return refuse(Unsupported::Pdf);
    }
    if text.starts_with("{\\rtf") {
        return refuse(Unsupported::OtherDocument);
    }
    let page = ["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style", "mime-version:"];
    if page.iter().any(|tag| text.starts_with(tag)) || (text.starts_with('<') && text.contains("<html")) {
        return refuse(Unsupported::WebPage);
    }
    if text.starts_with("<?xml") || text.starts_with("<workbook") || text.starts_with("<!doctype") {
        return refuse(Unsupported::Xml);
    }
    Ok(())
}

/// The encoding of a text, for which all of it is looked at; bytes that no text has make it no text.
fn text_encoding(file: &mut File) -> Result<Encoding, ReadError> {
    let mut buffer = vec![0; 64 << 10];
    let count = read_full(file, &mut buffer)?;
    let start = &buffer[..count];
    if let Some(encoding) = Encoding::utf16_of(&start[..count.min(START_BYTES as usize)]) {
        return Ok(encoding);
    }
    let mut utf8 = Utf8Check::default();
    let mut filled = count;
    while filled > 0 {
        if buffer[..filled].iter().any(|byte| is_of_no_text(*byte)) {
            return Err(FileRefusal::UnsupportedFormat(Unsupported::Unknown).into());
        }
        utf8.feed(&buffer[..filled]);
        filled = read_full(file, &mut buffer)?;
    }
    Ok(if utf8.is_sound() { Encoding::Utf8 } else { Encoding::Windows1252 })
}

/// Control characters but tab, line feed, vertical tab, form feed, carriage return and the old end-of-file mark.
fn is_of_no_text(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | 0x1A)
}

/// Whether bytes that come in pieces are UTF-8.
#[derive(Debug, Default)]
struct Utf8Check {
    broken: bool,
    /// The start of a character at the end of the last piece.
    open: Vec<u8>,
}

impl Utf8Check {
    fn feed(&mut self, mut bytes: &[u8]) {
        while !self.broken && !self.open.is_empty() && !bytes.is_empty() {
            self.open.push(bytes[0]);
            bytes = &bytes[1..];
            match std::str::from_utf8(&self.open) {
                Ok(_) => self.open.clear(),
                Err(error) => self.broken = error.error_len().is_some(),
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => {}
            Err(error) if error.error_len().is_some() => self.broken = true,
            Err(error) => self.open.extend_from_slice(&bytes[error.valid_up_to()..]),
        }
    }

    fn is_sound(&self) -> bool {
        !self.broken && self.open.is_empty()
    }
}

/// Reads until the buffer is full or the file ends.
fn read_full(file: &mut File, buffer: &mut [u8]) -> Result<usize, ReadError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ReadError::Io(error)),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_are_cut_by_a_piece_are_still_utf_8() {
        let check = |pieces: &[&[u8]], expected| {
            let mut utf8 = Utf8Check::default();
            pieces.iter().for_each(|piece| utf8.feed(piece));
            assert_eq!(utf8.is_sound(), expected, "{pieces:?}");
        };
        check(&[b"abc"], true);
        check(&[b"Zo\xC3", b"\xAB!"], true);
        check(&[b"\xF0\x9F", b"\x98", b"\x80"], true);
        check(&[b"Zo\xEB", b"!"], false);
        check(&[b"Zo\xC3"], false);
        check(&[b"\xC3", b"\xC3"], false);
    }

    #[test]
    fn what_is_taken_for_a_table_is_told() {
        let check = |start: &[u8], expected: Option<Unsupported>| {
            let told = tell_other(start).err();
            assert_eq!(told, expected.map(FileRefusal::UnsupportedFormat), "{}", String::from_utf8_lossy(start));
        };
        check(b"First Name,Last Name", None);
        check(b"\xEF\xBB\xBF<HTML><table>", Some(Unsupported::WebPage));
        check(b"<?xml version='1.0'?><!DOCTYPE html><html>", Some(Unsupported::WebPage));
        check(b"\n\n<?xml version='1.0'?><Workbook>", Some(Unsupported::Xml));
        check(b"%PDF-1.7", Some(Unsupported::Pdf));
        check(b"{\\rtf1", Some(Unsupported::OtherDocument));
        check(b" \r\n\t ", Some(Unsupported::Empty));
        check(b"\xFF\xFE<\0h\0t\0m\0l\0>\0", Some(Unsupported::WebPage));
        check(b"<3 hours", None);
    }
}
