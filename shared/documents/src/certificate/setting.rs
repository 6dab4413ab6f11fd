//! Texts set in sizes and widths: what fits, in which size, in how many lines. It decides no word and draws nothing.

use super::{
    Part, RenderError,
    fonts::{Fonts, Look},
    sheet::{Colour, Item, Role, Text},
    text::{Line, Shaped},
};
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

/// From the top of a line to its baseline, and from one baseline to the next, in parts of the size.
const LINE: (f32, f32) = (1.0, 1.36);
/// The same for large letters, which need less air.
const LARGE: (f32, f32) = (0.92, 1.2);
/// The same for large ones with signs above and below them, as Burmese, Khmer and Arabic have.
const TALL: (f32, f32) = (1.06, 1.62);

/// Where the lines of a text begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Middle,
    Right,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) look: Look,
    pub(super) size: f32,
    pub(super) colour: Colour,
    pub(super) align: Align,
}

/// A column: where it begins and how wide it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) x: f32,
    pub(super) width: f32,
}

/// Sizes to try, the largest first, each with the most lines it may take.
pub(super) type Sizes = [(f32, usize)];

/// A text, what it is a part of, and what it is to whom it is read out.
#[derive(Debug, Clone)]
pub(super) struct Words<'a> {
    pub(super) part: Part,
    pub(super) role: Role,
    pub(super) text: &'a str,
}

/// Things under one another, with the height that they take.
#[derive(Default)]
pub(super) struct Stack {
    pub(super) items: Vec<Item>,
    pub(super) height: f32,
}

/// Sets texts with one set of fonts. Each is shaped once, however many ways of laying it out are tried.
pub(super) struct Setter<'a> {
    fonts: &'a Fonts,
    shaped: RefCell<BTreeMap<(Look, String), Arc<Shaped>>>,
}

impl<'a> Setter<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, shaped: RefCell::default() }
    }

    /// Shapes a text.
    pub(super) fn shape(&self, look: Look, part: Part, text: &str) -> Result<Arc<Shaped>, RenderError> {
        let key = (look, text.to_owned());
        if let Some(shaped) = self.shaped.borrow().get(&key) {
            return Ok(Arc::clone(shaped));
        }
        let shaped = match part {
            // Who somebody is, and the code that shows it, stay no longer than their certificate takes.
            Part::Name | Part::Licences | Part::Address => Arc::new(Shaped::new(self.fonts, look, part, text)?),
            _ => self.fonts.shaped(look, part, text)?,
        };
        self.shaped.borrow_mut().insert(key, Arc::clone(&shaped));
        Ok(shaped)
    }

    /// Adds a text to a stack, in as many lines as it takes.
    pub(super) fn add(
        &self,
        stack: &mut Stack,
        column: Column,
        style: Style,
        words: Words<'_>,
    ) -> Result<(), RenderError> {
        let shaped = self.shape(style.look, words.part, words.text)?;
        if !shaped.is_empty() {
            let lines = shaped.lines(column.width / style.size);
            stack.set(&shaped, lines, column, style, words.role);
        }
        Ok(())
    }

    /// Adds a text in the largest of some sizes in which it fits, its lines about equally long.
    pub(super) fn fit(
        &self,
        stack: &mut Stack,
        column: Column,
        style: Style,
        sizes: &Sizes,
        words: Words<'_>,
    ) -> Result<(), RenderError> {
        let shaped = self.shape(style.look, words.part, words.text)?;
        for (size, most) in sizes {
            let lines = shaped.balanced(column.width / size);
            if lines.len() <= *most {
                stack.set(&shaped, lines, column, Style { size: *size, ..style }, words.role);
                return Ok(());
            }
        }
        Err(RenderError::DoesNotFit { part: words.part })
    }
}

impl Stack {
    /// Adds lines at its foot.
    pub(super) fn set(&mut self, shaped: &Arc<Shaped>, lines: Vec<Line>, column: Column, style: Style, role: Role) {
        let (rise, leading) = match style.look {
            Look::Display if shaped.is_tall() => TALL,
            Look::Display => LARGE,
            Look::Plain | Look::Strong => LINE,
        };
        let place = |(number, line): (usize, Line)| {
            #[expect(clippy::cast_precision_loss, reason = "a page has some dozens of lines")]
            let y = self.height + style.size * (rise + leading * number as f32);
            let spare = column.width - line.width * style.size;
            let x = column.x
                + match style.align {
                    Align::Left => 0.0,
                    Align::Middle => spare / 2.0,
                    Align::Right => spare,
                };
            (line, x, y)
        };
        let lines: Vec<_> = lines.into_iter().enumerate().map(place).collect();
        #[expect(clippy::cast_precision_loss, reason = "a page has some dozens of lines")]
        let height = style.size * leading * lines.len() as f32;
        self.height += height;
        let (size, colour) = (style.size, style.colour);
        self.items.push(Item::Text(Text { shaped: Arc::clone(shaped), lines, size, colour, role }));
    }

    /// Leaves a gap.
    pub(super) fn gap(&mut self, height: f32) {
        self.height += height;
    }

    /// Adds a thin line across a column.
    pub(super) fn rule(&mut self, column: Column, thickness: f32, colour: Colour) {
        self.items.push(Item::Rule { x: column.x, y: self.height, width: column.width, height: thickness, colour });
        self.height += thickness;
    }

    /// Puts another stack beneath.
    pub(super) fn append(&mut self, mut below: Stack) {
        below.items.iter_mut().for_each(|item| item.down(self.height));
        self.items.append(&mut below.items);
        self.height += below.height;
    }

    /// Puts stacks beside one another: it grows by the highest.
    pub(super) fn beside(&mut self, stacks: Vec<Stack>) {
        let highest = stacks.iter().map(|stack| stack.height).fold(0.0, f32::max);
        for mut stack in stacks {
            stack.items.iter_mut().for_each(|item| item.down(self.height));
            self.items.append(&mut stack.items);
        }
        self.height += highest;
    }

    /// Its items, moved to where it is to stand.
    pub(super) fn at(mut self, y: f32) -> Vec<Item> {
        self.items.iter_mut().for_each(|item| item.down(y));
        self.items
    }
}
