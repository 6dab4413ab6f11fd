//! The sheets that follow the front: who presented, what each body states, and the disclaimer, in two columns of a size that can be
//! read. It sets what the front left to it, in the same order.

use super::{
    Part, RenderError,
    fonts::Look,
    front::Later,
    setting::{Align, Column, Setter, Stack, Style, Words},
    sheet::{Colour, Item, Role, Sheet},
    words,
};
use domain::certificate::{CertificateData, grouped};

/// From the edge to the text: the front's.
const MARGIN: f32 = 62.0;
const TOP: f32 = 54.0;
/// Between the two columns.
const GUTTER: f32 = 28.0;
/// The size of what is read in full.
const TEXT: f32 = 8.5;
/// Twenty-five statements of 2,000 signs and a disclaimer of 4,000 take nine sheets; more has no purpose on paper.
const MOST_SHEETS: usize = 12;

/// Lays out the sheets for what the front left.
pub(super) fn lay_out(
    setter: &Setter<'_>,
    data: &CertificateData,
    later: Later,
    (width, height): (f32, f32),
) -> Result<Vec<Sheet>, RenderError> {
    let column = Column { x: 0.0, width: (width - 2.0 * MARGIN - GUTTER) / 2.0 };
    let blocks = blocks(setter, data, later, column)?;
    if blocks.is_empty() {
        return Ok(Vec::new());
    }
    let mut flow = Flow { width, height, column: column.width, sheets: Vec::new(), y: 0.0, is_right: true };
    for block in blocks {
        flow.add(block)?;
    }
    let Flow { mut sheets, .. } = flow;
    let all = sheets.len() + 1;
    for (place, sheet) in sheets.iter_mut().enumerate() {
        running(setter, data, sheet, place + 2, all)?;
    }
    Ok(sheets)
}

/// Headings with their paragraphs, one line each block: lines may go to the next column, a heading takes its first line along.
fn blocks(
    setter: &Setter<'_>,
    data: &CertificateData,
    later: Later,
    column: Column,
) -> Result<Vec<Stack>, RenderError> {
    let mut blocks = Vec::new();
    let plain = Style { look: Look::Plain, size: TEXT, colour: Colour::Ink, align: Align::Left };
    if later.presenters {
        let lines: Vec<String> = data.activity.presenters.iter().map(super::presenter).collect();
        let mut heading = Some("Presenters");
        for line in &lines {
            paragraph(setter, &mut blocks, column, plain, heading.take(), Part::Presenters, line)?;
        }
    }
    if later.bodies {
        let lines = data.credits.iter().map(|credit| {
            let approval =
                if credit.approval.trim().is_empty() { String::new() } else { format!(", {}", credit.approval) };
            format!("{} {}: {}{approval}", words::amount(credit), words::measure(credit), words::body(credit))
        });
        let mut heading = Some("Credit");
        for line in lines {
            paragraph(setter, &mut blocks, column, plain, heading.take(), Part::Credits, &line)?;
        }
    }
    if later.statements {
        for (part, heading, text) in super::paragraphs(data) {
            paragraph(setter, &mut blocks, column, plain, heading.as_deref(), part, text)?;
        }
    }
    Ok(blocks)
}

fn paragraph(
    setter: &Setter<'_>,
    blocks: &mut Vec<Stack>,
    column: Column,
    style: Style,
    heading: Option<&str>,
    part: Part,
    text: &str,
) -> Result<(), RenderError> {
    let shaped = setter.shape(style.look, part, text)?;
    let lines = shaped.lines(column.width / style.size);
    let mut stack = Stack::default();
    stack.gap(if heading.is_some() { 9.0 } else { 3.0 });
    if let Some(heading) = heading {
        let look = Style { look: Look::Strong, size: 9.5, colour: Colour::Accent, ..style };
        setter.add(&mut stack, column, look, Words { part, role: Role::Heading(2), text: heading })?;
    }
    // As many lines as a column surely holds: a longer paragraph is set as several.
    const LINES: usize = 12;
    for (place, some) in lines.chunks(LINES).enumerate() {
        let mut block = if place == 0 { std::mem::take(&mut stack) } else { Stack::default() };
        block.set(&shaped, some.to_vec(), column, style, Role::Paragraph);
        blocks.push(block);
    }
    Ok(())
}

/// Where the next block goes.
struct Flow {
    width: f32,
    height: f32,
    column: f32,
    sheets: Vec<Sheet>,
    y: f32,
    is_right: bool,
}

impl Flow {
    fn add(&mut self, block: Stack) -> Result<(), RenderError> {
        let bottom = self.height - TOP;
        if self.sheets.is_empty() || self.y + block.height > bottom {
            if self.is_right {
                if self.sheets.len() == MOST_SHEETS {
                    return Err(RenderError::DoesNotFit { part: Part::Statements });
                }
                self.sheets.push(Sheet { width: self.width, height: self.height, items: Vec::new() });
            }
            self.is_right = !self.is_right;
            self.y = TOP + 26.0;
        }
        let x = if self.is_right { MARGIN + self.column + GUTTER } else { MARGIN };
        let below = self.y + block.height;
        let mut items = block.at(self.y);
        items.iter_mut().for_each(|item| item.right(x));
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.items.extend(items);
        }
        self.y = below;
        Ok(())
    }
}

/// What stands at the head of each sheet, so that it is told whose it is when it lies alone.
fn running(
    setter: &Setter<'_>,
    data: &CertificateData,
    sheet: &mut Sheet,
    number: usize,
    of: usize,
) -> Result<(), RenderError> {
    let whole = Column { x: MARGIN, width: sheet.width - 2.0 * MARGIN };
    let code = grouped(&data.code);
    let style = Style { look: Look::Plain, size: 8.0, colour: Colour::Quiet, align: Align::Left };
    let mut head = Stack::default();
    let line = format!("{} for {} · {code}", super::HEADING, data.participant.printed_name());
    let words = |text| Words { part: Part::Name, role: Role::Running, text };
    // A name that takes more than two lines here stands on the front; the number tells whose sheet this is as well.
    match setter.fit(&mut head, whole, style, &[(8.0, 1), (7.5, 2)], words(&line)) {
        Err(RenderError::DoesNotFit { .. }) => {
            setter.add(&mut head, whole, style, words(&format!("{} {code}", super::HEADING)))?;
        }
        other => other?,
    }
    head.gap(3.0);
    head.rule(whole, 0.6, Colour::Accent);
    let mut items = head.at(TOP - 14.0);
    let mut foot = Stack::default();
    let line = format!("Sheet {number} of {of}");
    setter.add(
        &mut foot,
        whole,
        Style { align: Align::Middle, ..style },
        Words { part: Part::Fixed, role: Role::Running, text: &line },
    )?;
    items.extend(foot.at(sheet.height - TOP + 12.0));
    items.append(&mut sheet.items);
    sheet.items = items;
    Ok(())
}

impl Item {
    /// Moves it to the right.
    fn right(&mut self, by: f32) {
        match self {
            Item::Text(text) => text.lines.iter_mut().for_each(|(_, x, _)| *x += by),
            Item::Rule { x, .. } | Item::Frame { x, .. } | Item::Picture { x, .. } | Item::Code { x, .. } => *x += by,
        }
    }
}
