//! What stands on a sheet, and how it gets into the file: every text under its tag, in the order in which it is read; every line and
//! frame as decoration. It decides no place and no word.

use super::{
    picture::Picture,
    qr::{Code, QUIET},
    text::{Line, Shaped},
};
use krilla::{
    Document,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    geom::{Path, PathBuilder, Point, Rect, Size, Transform},
    num::NormalizedF32,
    page::{Page, PageSettings},
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
        TagTree,
    },
    text::{GlyphId, KrillaGlyph},
};
use std::num::NonZeroU16;

/// The colours: ink, the quieter grey of labels, the one accent, and hairlines. All but the last are darker than 4.5 to 1 on white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    Ink,
    Quiet,
    Accent,
    Line,
}

impl Colour {
    /// Red, green and blue.
    pub(super) fn parts(self) -> (u8, u8, u8) {
        match self {
            Colour::Ink => (0x17, 0x21, 0x26),
            Colour::Quiet => (0x4d, 0x5b, 0x61),
            Colour::Accent => (0x0b, 0x5c, 0x6b),
            Colour::Line => (0xb4, 0xc2, 0xc6),
        }
    }

    fn fill(self) -> Fill {
        let (red, green, blue) = self.parts();
        let paint = rgb::Color::new(red, green, blue).into();
        Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
    }
}

/// What a text is to somebody who has the page read out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// A heading of a level.
    Heading(u16),
    /// A paragraph.
    Paragraph,
    /// A heading of a table's column.
    ColumnHeading,
    /// A cell of a table; the first one of its row begins it.
    Cell { begins_row: bool },
    /// An address that can be followed, and what is said of it to whoever doesn't see it.
    Link { address: String, says: String },
    /// What repeats on every page, and isn't read out.
    Running,
}

/// Something on a sheet. Its place is its own; moving a group moves all in it.
pub(super) enum Item {
    Text(Text),
    /// A filled rectangle, thin as a line.
    Rule {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        colour: Colour,
    },
    /// The outline of a rectangle.
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        line: f32,
        colour: Colour,
    },
    Picture {
        picture: Picture,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        alt: String,
    },
    Code {
        code: std::rc::Rc<Code>,
        x: f32,
        y: f32,
        side: f32,
        alt: String,
    },
}

/// A text in lines, each with its left end and baseline.
pub(super) struct Text {
    pub(super) shaped: std::sync::Arc<Shaped>,
    pub(super) lines: Vec<(Line, f32, f32)>,
    pub(super) size: f32,
    pub(super) colour: Colour,
    pub(super) role: Role,
}

impl Item {
    /// Moves it down.
    pub(super) fn down(&mut self, by: f32) {
        match self {
            Item::Text(text) => text.lines.iter_mut().for_each(|(.., y)| *y += by),
            Item::Rule { y, .. } | Item::Frame { y, .. } | Item::Picture { y, .. } | Item::Code { y, .. } => *y += by,
        }
    }
}

/// A sheet's measures in points, and what stands on it in the order in which it is read.
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) items: Vec<Item>,
}

/// Writes sheets into a document, and its tag tree.
pub(super) fn write(document: &mut Document, sheets: Vec<Sheet>, language: &str) {
    let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
    for sheet in sheets {
        let Some(settings) = PageSettings::from_wh(sheet.width, sheet.height) else { continue };
        let mut page = document.start_page_with(settings);
        let written = draw(&mut page, &sheet.items);
        let mut table: Option<Table> = None;
        for (item, id) in sheet.items.iter().zip(written) {
            let Some(id) = id else { continue };
            let role = match item {
                Item::Text(text) => &text.role,
                _ => &Role::Paragraph,
            };
            if let Role::ColumnHeading | Role::Cell { .. } = role {
                table.get_or_insert_default().add(role, id);
                continue;
            }
            if let Some(table) = table.take() {
                tree.push(table.group());
            }
            tree.push(group(&mut page, item, id));
        }
        if let Some(table) = table.take() {
            tree.push(table.group());
        }
        page.finish();
    }
    document.set_tag_tree(tree);
}

/// Draws all of a page; `None` for what isn't read out.
fn draw(page: &mut Page<'_>, items: &[Item]) -> Vec<Option<Identifier>> {
    let mut surface = page.surface();
    let written = items
        .iter()
        .map(|item| {
            let is_read = match item {
                Item::Text(text) => text.role != Role::Running,
                Item::Rule { .. } | Item::Frame { .. } => false,
                Item::Picture { .. } | Item::Code { .. } => true,
            };
            let tag = match item {
                _ if !is_read => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
                Item::Text(text) if text.lines.len() == 1 => ContentTag::Span(SpanTag::empty()),
                _ => ContentTag::Other,
            };
            let id = surface.start_tagged(tag);
            draw_item(&mut surface, item);
            surface.end_tagged();
            is_read.then_some(id)
        })
        .collect();
    surface.finish();
    written
}

fn draw_item(surface: &mut Surface<'_>, item: &Item) {
    match item {
        Item::Text(text) => draw_text(surface, text),
        Item::Rule { x, y, width, height, colour } => {
            fill(surface, *colour, rectangle(*x, *y, *width, *height).as_ref());
        }
        Item::Frame { x, y, width, height, line, colour } => {
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: colour.fill().paint, width: *line, ..Stroke::default() }));
            if let Some(path) = rectangle(*x, *y, *width, *height) {
                surface.draw_path(&path);
            }
            surface.set_stroke(None);
        }
        Item::Picture { picture, x, y, width, height, .. } => {
            let Some(size) = Size::from_wh(*width, *height) else { return };
            surface.push_transform(&Transform::from_translate(*x, *y));
            surface.draw_image(picture.image(), size);
            surface.pop();
        }
        Item::Code { code, x, y, side, .. } => {
            #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
            let module = *side / (code.modules + 2 * QUIET) as f32;
            #[expect(clippy::cast_precision_loss, reason = "four modules")]
            let quiet = QUIET as f32 * module;
            surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, x + quiet, y + quiet));
            fill(surface, Colour::Ink, Some(&code.path));
            surface.pop();
        }
    }
}

fn draw_text(surface: &mut Surface<'_>, text: &Text) {
    surface.set_fill(Some(text.colour.fill()));
    for (line, x, y) in &text.lines {
        let mut x = *x;
        for slice in text.shaped.slices(line) {
            let glyph = |(glyph, text_range): (&super::fonts::Placed, _)| KrillaGlyph {
                glyph_id: GlyphId::new(glyph.id),
                text_range,
                x_advance: glyph.advance,
                x_offset: glyph.dx,
                y_offset: glyph.dy,
                y_advance: 0.0,
                location: None,
            };
            let glyphs: Vec<KrillaGlyph> = slice.glyphs.iter().zip(slice.ranges()).map(glyph).collect();
            let font = slice.font().font.clone();
            surface.draw_glyphs(Point::from_xy(x, *y), &glyphs, font, &text.shaped.text, text.size, false);
            x += slice.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * text.size;
        }
    }
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}

fn fill(surface: &mut Surface<'_>, colour: Colour, path: Option<&Path>) {
    surface.set_fill(Some(colour.fill()));
    if let Some(path) = path {
        surface.draw_path(path);
    }
}

/// The tag of what isn't in a table.
fn group(page: &mut Page<'_>, item: &Item, id: Identifier) -> TagGroup {
    let with = |tag: TagKind| TagGroup::with_children(tag, vec![Node::Leaf(id)]);
    match item {
        Item::Picture { alt, .. } | Item::Code { alt, .. } => with(Tag::Figure(Some(alt.clone())).into()),
        Item::Text(text) => match &text.role {
            Role::Heading(level) => {
                let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                with(Tag::Hn(level, Some(text.shaped.text.clone())).into())
            }
            Role::Link { address, says } => {
                let mut link = with(Tag::Link.into());
                if let Some(annotation) = link_over(text, address, says) {
                    link.push(page.add_tagged_annotation(annotation));
                }
                TagGroup::with_children(Tag::P, vec![Node::Group(link)])
            }
            Role::Paragraph | Role::ColumnHeading | Role::Cell { .. } | Role::Running => with(Tag::P.into()),
        },
        Item::Rule { .. } | Item::Frame { .. } => with(Tag::P.into()),
    }
}

fn link_over(text: &Text, address: &str, says: &str) -> Option<Annotation> {
    let left = text.lines.iter().map(|(_, x, _)| *x).reduce(f32::min)?;
    let right = text.lines.iter().map(|(line, x, _)| x + line.width * text.size).reduce(f32::max)?;
    let (top, bottom) = (text.lines.first()?.2 - text.size, text.lines.last()?.2 + text.size * 0.3);
    let target = Target::Action(Action::Link(LinkAction::new(address.to_owned())));
    let link = LinkAnnotation::new(Rect::from_ltrb(left, top, right, bottom)?, target);
    Some(Annotation::new_link(link, Some(says.to_owned())))
}

/// A table as it grows.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<Node>>,
    has_heading: bool,
}

impl Table {
    fn add(&mut self, role: &Role, id: Identifier) {
        let (tag, begins): (TagKind, bool) = match role {
            Role::ColumnHeading => (Tag::TH(TableHeaderScope::Column).into(), !self.has_heading),
            Role::Cell { begins_row: true } => (Tag::TH(TableHeaderScope::Row).into(), true),
            _ => (Tag::TD.into(), false),
        };
        self.has_heading = true;
        if begins || self.rows.is_empty() {
            self.rows.push(Vec::new());
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(Node::Group(TagGroup::with_children(tag, vec![Node::Leaf(id)])));
        }
    }

    fn group(self) -> TagGroup {
        let rows = self.rows.into_iter().map(|cells| Node::Group(TagGroup::with_children(Tag::TR, cells))).collect();
        TagGroup::with_children(Tag::Table, rows)
    }
}
