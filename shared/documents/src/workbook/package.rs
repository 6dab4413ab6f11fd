//! The parts of an .xlsx package: which part is the workbook, and which sheets, texts and styles belong to it. Parts are found
//! by their relationships, never by customary names.

use super::container::{Container, PartLimit, fold};
use super::limits;
use super::markup::{Markup, Token};
use super::sheet::SheetRows;
use super::styles::Styles;
use super::texts::Texts;
use super::trouble::ReadError;
use domain::roster::cell::DateSystem;
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use std::sync::Arc;

/// An open workbook. Its sheets are read as streams.
#[derive(Debug)]
pub(super) struct Package {
    container: Container,
    sheets: Vec<Sheet>,
    texts: Arc<Texts>,
    styles: Arc<Styles>,
    dates: DateSystem,
}

/// A worksheet of the workbook, in its order.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// The name on its tab.
    pub(super) name: String,
    /// Whether its tab is shown.
    pub(super) visible: bool,
    part: String,
}

/// A relationship of a part to another.
#[derive(Debug)]
pub(super) struct Relationship {
    id: String,
    /// The last word of its type: `worksheet`, `styles`.
    kind: String,
    target: String,
}

const INDEX: PartLimit = PartLimit { bytes: limits::INDEX_BYTES, what: SizeLimit::Unpacked };

impl Package {
    /// Opens the workbook whose main part has this name.
    pub(super) fn open(container: Container, main: &str) -> Result<Self, ReadError> {
        let relationships = relationships(&container, main)?;
        let (sheets, dates) = read_main(&container, main, &relationships)?;
        let related = |kind: &str| {
            let found = relationships.iter().find(|relationship| relationship.kind == kind);
            found.map(|relationship| relationship.target.as_str()).filter(|part| container.has(part))
        };
        let styles = match related("styles") {
            Some(part) => {
                let limit = PartLimit { bytes: limits::STYLES_BYTES, what: SizeLimit::Unpacked };
                Styles::read(Markup::new(container.part(part, limit)?)?)?
            }
            None => Styles::default(),
        };
        let texts = match related("sharedStrings") {
            Some(part) => {
                let limit = PartLimit { bytes: limits::TEXTS_BYTES, what: SizeLimit::Texts };
                Texts::read(Markup::new(container.part(part, limit)?)?)?
            }
            None => Texts::default(),
        };
        Ok(Self { sheets, texts: Arc::new(texts), styles: Arc::new(styles), dates, container })
    }

    /// The worksheets, in the order of their tabs.
    pub(super) fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The rows of a sheet. At most `bytes` of it are unpacked.
    pub(super) fn rows(&self, sheet: &Sheet, bytes: u64) -> Result<SheetRows, ReadError> {
        let limit = PartLimit { bytes, what: SizeLimit::Unpacked };
        let markup = Markup::new(self.container.part(&sheet.part, limit)?)?;
        Ok(SheetRows::new(markup, Arc::clone(&self.texts), Arc::clone(&self.styles), self.dates))
    }
}

/// The main part that the package's own relationships name.
pub(super) fn main_part(container: &Container) -> Result<Option<String>, ReadError> {
    if !container.has("_rels/.rels") {
        return Ok(None);
    }
    let found = relationships(container, "")?.into_iter().find(|relationship| relationship.kind == "officeDocument");
    Ok(found.map(|relationship| relationship.target))
}

/// The content type of a part, in lower case.
pub(super) fn content_type(container: &Container, part: &str) -> Result<Option<String>, ReadError> {
    const LIST: &str = "[content_types].xml";
    if !container.has(LIST) {
        return Ok(None);
    }
    let mut markup = Markup::new(container.part(LIST, INDEX)?)?;
    let extension = part.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    let mut by_default = None;
    loop {
        match markup.next()? {
            Token::Open(element) => {
                let kind = || Ok::<_, ReadError>(element.attribute(b"ContentType")?.map(|kind| kind.to_lowercase()));
                match element.name {
                    b"Override" if element.attribute(b"PartName")?.is_some_and(|name| fold(&name) == fold(part)) => {
                        return kind();
                    }
                    b"Default" if element.attribute(b"Extension")?.map(|name| name.to_lowercase()) == extension => {
                        by_default = kind()?;
                    }
                    _ => {}
                }
            }
            Token::End => return Ok(by_default),
            Token::Close(_) | Token::Text(_) | Token::Data(_) | Token::Other => {}
        }
    }
}

/// The relationships of a part; of the package itself for the part "".
fn relationships(container: &Container, part: &str) -> Result<Vec<Relationship>, ReadError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let mut markup = Markup::new(container.part(&format!("{folder}/_rels/{name}.rels"), INDEX)?)?;
    let mut found = Vec::new();
    loop {
        match markup.next()? {
            Token::Open(element) if element.name == b"Relationship" => {
                if element.attribute(b"TargetMode")?.is_some_and(|mode| mode.eq_ignore_ascii_case("external")) {
                    continue;
                }
                let id = element.attribute(b"Id")?.unwrap_or_default().into_owned();
                let kind = element.attribute(b"Type")?.unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let target = resolve(folder, &element.attribute(b"Target")?.unwrap_or_default());
                found.push(Relationship { id, kind, target });
                check_count(found.len())?;
            }
            Token::End => return Ok(found),
            Token::Open(_) | Token::Close(_) | Token::Text(_) | Token::Data(_) | Token::Other => {}
        }
    }
}

/// A package has no more relationships and sheets than parts.
fn check_count(count: usize) -> Result<(), FileRefusal> {
    if count as u64 > limits::PARTS { Err(FileRefusal::TooLarge(SizeLimit::Parts)) } else { Ok(()) }
}

/// The part that a target names, seen from a folder of the package. It can't leave the package.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let start = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in start.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

/// Reads the workbook part: its worksheets and its calendar. Sheets of charts, dialogs and macros are no worksheets.
fn read_main(
    container: &Container,
    main: &str,
    relationships: &[Relationship],
) -> Result<(Vec<Sheet>, DateSystem), ReadError> {
    let mut markup = Markup::new(container.part(main, INDEX)?)?;
    let mut sheets = Vec::new();
    let mut dates = DateSystem::From1900;
    let mut at_root = true;
    loop {
        match markup.next()? {
            Token::Open(element) => {
                let name = element.name;
                if std::mem::take(&mut at_root) && name != b"workbook" {
                    return Err(Damage::MissingPart.into());
                }
                match name {
                    b"workbookPr" => {
                        let from_1904 = element.attribute(b"date1904")?;
                        if from_1904.is_some_and(|value| matches!(value.trim(), "1" | "true" | "on")) {
                            dates = DateSystem::From1904;
                        }
                    }
                    b"sheet" => {
                        let id = element.attribute(b"id")?.unwrap_or_default();
                        let related = relationships.iter().find(|relationship| relationship.id == id);
                        if let Some(worksheet) = related.filter(|relationship| relationship.kind == "worksheet") {
                            let state = element.attribute(b"state")?;
                            sheets.push(Sheet {
                                name: element.attribute(b"name")?.unwrap_or_default().into_owned(),
                                visible: !state.is_some_and(|state| matches!(&*state, "hidden" | "veryHidden")),
                                part: worksheet.target.clone(),
                            });
                            check_count(sheets.len())?;
                        }
                    }
                    _ => {}
                }
            }
            Token::End => return Ok((sheets, dates)),
            Token::Close(_) | Token::Text(_) | Token::Data(_) | Token::Other => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_their_folder_and_never_outside() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "../other/sheet.xml"), "other/sheet.xml");
        assert_eq!(resolve("xl", "./a/../b.xml"), "xl/b.xml");
        assert_eq!(resolve("", "..\\..\\etc\\passwd"), "etc/passwd");
    }
}
