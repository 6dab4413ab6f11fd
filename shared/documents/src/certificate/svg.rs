//! A sheet as a picture for pages: the very items that are printed, drawn as outlines. It holds no text and names no font, so it looks the
//! same wherever it is shown; whoever doesn't see it is told by the page what it is of.

use super::{
    fonts::Loaded,
    qr::QUIET,
    sheet::{Colour, Item, Sheet, Text},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use std::{collections::BTreeMap, fmt::Write};

/// Writes a sheet.
pub(super) fn write(sheet: &Sheet) -> String {
    let mut drawing = Drawing::default();
    for item in &sheet.items {
        drawing.add(item);
    }
    let (width, height) = (sheet.width, sheet.height);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\
         <defs>{}</defs><rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>{}</svg>\n",
        drawing.glyphs, drawing.items
    )
}

/// A drawing as it grows: each glyph is described once, however often it stands there.
#[derive(Default)]
struct Drawing {
    glyphs: String,
    items: String,
    /// The names of the glyphs that are described, by their font and number.
    known: BTreeMap<(usize, u32), usize>,
}

impl Drawing {
    fn add(&mut self, item: &Item) {
        match item {
            Item::Text(text) => self.text(text),
            Item::Rule { x, y, width, height, colour } => {
                let fill = hex(*colour);
                self.put(format_args!(
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>"
                ));
            }
            Item::Frame { x, y, width, height, line, colour } => {
                let stroke = hex(*colour);
                self.put(format_args!(
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"none\" \
                     stroke=\"{stroke}\" stroke-width=\"{line:.1}\"/>"
                ));
            }
            Item::Picture { picture, x, y, width, height, .. } => {
                let (kind, bytes) = (picture.media_type(), BASE64_STANDARD.encode(picture.bytes()));
                self.put(format_args!(
                    "<image x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" \
                     href=\"data:{kind};base64,{bytes}\"/>"
                ));
            }
            Item::Code { code, x, y, side, .. } => {
                #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
                let (module, quiet) = (*side / (code.modules + 2 * QUIET) as f32, QUIET as f32);
                let (x, y, fill) = (x + quiet * module, y + quiet * module, hex(Colour::Ink));
                self.put(format_args!(
                    "<path transform=\"translate({x:.2} {y:.2}) scale({module:.4})\" fill=\"{fill}\" d=\""
                ));
                for round in &code.rounds {
                    for (place, (x, y)) in round.iter().enumerate() {
                        let step = if place == 0 { 'M' } else { 'L' };
                        self.put(format_args!("{step}{x} {y}"));
                    }
                    self.items.push('z');
                }
                self.items.push_str("\"/>");
            }
        }
    }

    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        // A text that grows in memory takes whatever is written to it.
        let _ = self.items.write_fmt(what);
    }

    /// A run of one font is a group in the font's own units, whose y points up.
    fn text(&mut self, text: &Text) {
        let fill = hex(text.colour);
        for (line, x, y) in &text.lines {
            let mut x = *x;
            for slice in text.shaped.slices(line) {
                let font = slice.font();
                let scale = text.size / font.per_em;
                self.put(format_args!(
                    "<g fill=\"{fill}\" transform=\"matrix({scale:.5} 0 0 -{scale:.5} {x:.2} {y:.2})\">"
                ));
                let mut at = 0.0;
                for glyph in slice.glyphs {
                    if let Some(name) = self.glyph(font, glyph.id) {
                        let (dx, dy) = ((at + glyph.dx) * font.per_em, glyph.dy * font.per_em);
                        self.put(format_args!("<use href=\"#{name}\" x=\"{dx:.0}\""));
                        if glyph.dy != 0.0 {
                            self.put(format_args!(" y=\"{dy:.0}\""));
                        }
                        self.items.push_str("/>");
                    }
                    at += glyph.advance;
                }
                self.items.push_str("</g>");
                x += at * text.size;
            }
        }
    }

    /// The name of a glyph, described if it wasn't yet; `None` for one that is empty, as a blank is.
    fn glyph(&mut self, font: &'static Loaded, id: u32) -> Option<String> {
        let next = self.known.len();
        // A font is read once in a process, so its place tells it from others.
        let key = (std::ptr::from_ref(font).addr(), id);
        if let Some(known) = self.known.get(&key) {
            return Some(format!("g{known}"));
        }
        let mut outline = Outline(String::new());
        font.face.outline_glyph(GlyphId(u16::try_from(id).ok()?), &mut outline)?;
        let name = format!("g{next}");
        let _ = write!(self.glyphs, "<path id=\"{name}\" d=\"{}\"/>", outline.0);
        self.known.insert(key, next);
        Some(name)
    }
}

fn hex(colour: Colour) -> String {
    let (red, green, blue) = colour.parts();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A glyph's outline in whole units: a thousandth of its size or less is nothing that is seen.
struct Outline(String);

impl Outline {
    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(what);
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.put(format_args!("M{x:.0} {y:.0}"));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.put(format_args!("L{x:.0} {y:.0}"));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.put(format_args!("Q{x1:.0} {y1:.0} {x:.0} {y:.0}"));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put(format_args!("C{x1:.0} {y1:.0} {x2:.0} {y2:.0} {x:.0} {y:.0}"));
    }

    fn close(&mut self) {
        self.0.push('z');
    }
}
