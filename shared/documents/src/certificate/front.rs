//! The sheet that is framed: whose certificate it is, of what, with how much credit, by whom, and where anybody can check it.
//!
//! What doesn't fit in sizes that can be read goes to the sheets that follow, and the front says so.

use super::{
    Images, Part, RenderError,
    fonts::Look,
    qr::Code,
    setting::{Align, Column, Setter, Sizes, Stack, Style, Words},
    sheet::{Colour, Item, Role, Sheet},
    words,
};
use domain::certificate::{CertificateData, CertifiedCredit, grouped};
use std::rc::Rc;

/// From the edge to the frame: what printers can't print on is at most 18 points wide.
const FRAME: f32 = 26.0;
/// From the edge to the text at the sides: a mount of 3/4 inch covers no letter.
const MARGIN: f32 = 62.0;
/// From the edge to the text at top and bottom.
const TOP: f32 = 46.0;
/// The widest gap between two groups; what is left over stands around them.
const WIDEST_GAP: f32 = 24.0;
/// The narrowest: less, and two groups read as one.
const NARROWEST_GAP: f32 = 7.0;
/// As high and wide as the logo may be.
const LOGO: (f32, f32) = (42.0, 200.0);
/// As high and wide as the signature may be.
const SIGNATURE: (f32, f32) = (34.0, 150.0);
/// The code's side with its quiet zone, for 37 to 41 modules: 0.6 mm each, twice what a telephone's camera needs at arm's length.
const CODE: f32 = 82.0;
/// Names: an ordinary one is the largest text of the sheet; the longest (two parts of 100 signs) stands in four lines, in letters
/// that are still larger than any but the title's.
const NAME: &Sizes =
    &[(38.0, 1), (34.0, 1), (30.0, 1), (27.0, 2), (24.0, 2), (20.0, 2), (17.0, 3), (14.0, 4), (12.0, 5)];
/// Titles: up to 200 signs.
const TITLE: &Sizes = &[(21.0, 1), (19.0, 2), (17.0, 2), (15.0, 3), (13.0, 4), (11.0, 5)];
/// Licences, and what else is one line by rights.
const LINE: &Sizes = &[(10.0, 1), (9.0, 2), (8.0, 3), (7.5, 6)];
/// Facts: nothing on the front is smaller than 7.5 points, the size of a newspaper's small print.
const FACT: f32 = 8.5;
const SMALL: f32 = 7.5;
/// More bodies than this stand in two columns.
const MOST_ROWS: usize = 4;
/// More lines of statements than this a column go to a sheet of their own.
const MOST_STATEMENT_LINES: usize = 5;

/// What of it goes to the sheets that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Later {
    pub(super) statements: bool,
    pub(super) presenters: bool,
    /// The bodies' whole names; the front has their short ones.
    pub(super) bodies: bool,
}

/// The ways to lay it out, the best first: how far down the sizes of name, title and heading begin, and what goes elsewhere.
const WAYS: [(Room, Later); 6] = [
    (Room::Ample, Later { statements: false, presenters: false, bodies: false }),
    (Room::Short, Later { statements: false, presenters: false, bodies: false }),
    (Room::Ample, Later { statements: true, presenters: false, bodies: false }),
    (Room::Short, Later { statements: true, presenters: false, bodies: false }),
    (Room::Short, Later { statements: true, presenters: true, bodies: false }),
    (Room::Scant, Later { statements: true, presenters: true, bodies: true }),
];

/// How much height there is for the large texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Ample,
    Short,
    Scant,
}

impl Room {
    /// Those of some sizes that may be taken: never fewer than the last, which fits whatever may stand in it.
    fn sizes(self, all: &Sizes) -> &Sizes {
        let dropped = match self {
            Room::Ample => 0,
            Room::Short => 2,
            Room::Scant => 4,
        };
        &all[dropped.min(all.len() - 1)..]
    }

    fn heading(self) -> f32 {
        match self {
            Room::Ample => 25.0,
            Room::Short => 20.0,
            Room::Scant => 16.0,
        }
    }

    fn logo(self) -> f32 {
        match self {
            Room::Ample => LOGO.0,
            Room::Short => 30.0,
            Room::Scant => 24.0,
        }
    }
}

/// Lays the front out, and says what of it is still to be set.
pub(super) fn lay_out(
    setter: &Setter<'_>,
    data: &CertificateData,
    images: &Images,
    code: Code,
    (width, height): (f32, f32),
) -> Result<(Sheet, Later), RenderError> {
    let front =
        Front { setter, data, images, code: Rc::new(code), column: Column { x: MARGIN, width: width - 2.0 * MARGIN } };
    let foot = front.foot()?;
    for (room, way) in WAYS {
        let Some(facts) = front.facts(way)? else { continue };
        let head = front.groups(room, way)?;
        let taken = foot.height + facts.height + head.iter().map(|group| group.height).sum::<f32>();
        let spare = height - 2.0 * TOP - taken;
        #[expect(clippy::cast_precision_loss, reason = "a handful of groups")]
        let gap = spare / (head.len() + 1) as f32;
        if gap >= NARROWEST_GAP {
            let sheet = placed(width, height, head, facts, foot, gap.min(WIDEST_GAP));
            return Ok((sheet, way));
        }
    }
    Err(RenderError::DoesNotFit { part: Part::Activity })
}

fn placed(width: f32, height: f32, head: Vec<Stack>, facts: Stack, foot: Stack, gap: f32) -> Sheet {
    let frame = |inset: f32, line: f32, colour: Colour| Item::Frame {
        x: inset,
        y: inset,
        width: width - 2.0 * inset,
        height: height - 2.0 * inset,
        line,
        colour,
    };
    let mut items = vec![frame(FRAME, 1.1, Colour::Accent), frame(FRAME + 4.0, 0.4, Colour::Accent)];
    let foot_at = height - TOP - foot.height;
    let facts_at = foot_at - gap - facts.height;
    let all: f32 = head.iter().map(|group| group.height).sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of groups")]
    let gaps = gap * (head.len() - 1) as f32;
    // What is left over stands above and below the groups in equal parts.
    let mut y = TOP + ((facts_at - gap - TOP - all - gaps) / 2.0).max(0.0);
    for group in head {
        let below = y + group.height + gap;
        items.extend(group.at(y));
        y = below;
    }
    items.extend(facts.at(facts_at));
    items.extend(foot.at(foot_at));
    Sheet { width, height, items }
}

struct Front<'a> {
    setter: &'a Setter<'a>,
    data: &'a CertificateData,
    images: &'a Images,
    code: Rc<Code>,
    column: Column,
}

fn style(look: Look, size: f32, colour: Colour) -> Style {
    Style { look, size, colour, align: Align::Left }
}

fn middle(look: Look, size: f32, colour: Colour) -> Style {
    Style { align: Align::Middle, ..style(look, size, colour) }
}

fn words(part: Part, text: &str) -> Words<'_> {
    Words { part, role: Role::Paragraph, text }
}

/// The body as the front names it.
fn by(credit: &CertifiedCredit, way: Later) -> String {
    if way.bodies && !credit.body.trim().is_empty() { credit.body.clone() } else { words::body(credit) }
}

impl Front<'_> {
    /// What stands in the middle, from the logo down to the credit.
    fn groups(&self, room: Room, way: Later) -> Result<Vec<Stack>, RenderError> {
        Ok(vec![self.letterhead(room)?, self.person(room)?, self.course(room)?, self.credits(way)?])
    }

    fn letterhead(&self, room: Room) -> Result<Stack, RenderError> {
        let (mut stack, data) = (Stack::default(), self.data);
        if let Some(logo) = &self.images.logo {
            let (width, height) = logo.within(LOGO.1, room.logo());
            let x = self.column.x + (self.column.width - width) / 2.0;
            let alt = format!("Logo of {}", data.organisation.name);
            stack.items.push(Item::Picture { picture: logo.clone(), x, y: 0.0, width, height, alt });
            stack.gap(height + 5.0);
        }
        let (set, column) = (self.setter, self.column);
        let name = words(Part::Organisation, &data.organisation.name);
        set.fit(&mut stack, column, middle(Look::Strong, 10.5, Colour::Quiet), &[(10.5, 1), (9.0, 2)], name)?;
        stack.gap(4.0);
        let heading = Words { part: Part::Fixed, role: Role::Heading(1), text: super::HEADING };
        set.add(&mut stack, column, middle(Look::Display, room.heading(), Colour::Accent), heading)?;
        Ok(stack)
    }

    fn person(&self, room: Room) -> Result<Stack, RenderError> {
        let (mut stack, set, column) = (Stack::default(), self.setter, self.column);
        set.add(
            &mut stack,
            column,
            middle(Look::Plain, 10.0, Colour::Quiet),
            words(Part::Fixed, "This certifies that"),
        )?;
        let name = self.data.participant.printed_name();
        set.fit(
            &mut stack,
            column,
            middle(Look::Display, 38.0, Colour::Ink),
            room.sizes(NAME),
            words(Part::Name, &name),
        )?;
        stack.gap(3.0);
        let width = column.width * 0.56;
        stack.rule(Column { x: column.x + (column.width - width) / 2.0, width }, 0.6, Colour::Accent);
        stack.gap(3.0);
        let licences = words::licences(self.data);
        set.fit(&mut stack, column, middle(Look::Plain, 9.0, Colour::Quiet), LINE, words(Part::Licences, &licences))?;
        Ok(stack)
    }

    fn course(&self, room: Room) -> Result<Stack, RenderError> {
        let (mut stack, set, column, activity) = (Stack::default(), self.setter, self.column, &self.data.activity);
        let quiet = middle(Look::Plain, 10.0, Colour::Quiet);
        set.fit(&mut stack, column, quiet, LINE, words(Part::Activity, &words::completed(&activity.format)))?;
        stack.gap(1.0);
        set.fit(
            &mut stack,
            column,
            middle(Look::Display, 21.0, Colour::Ink),
            room.sizes(TITLE),
            words(Part::Title, &activity.title),
        )?;
        stack.gap(2.0);
        let when = activity.when.words();
        set.fit(&mut stack, column, middle(Look::Plain, 10.0, Colour::Ink), LINE, words(Part::Activity, &when))?;
        Ok(stack)
    }

    /// What each body credits: a table while the bodies are few, else two columns.
    fn credits(&self, way: Later) -> Result<Stack, RenderError> {
        if self.data.credits.len() <= MOST_ROWS { self.credit_table(way) } else { self.credit_columns(way) }
    }

    fn credit_table(&self, way: Later) -> Result<Stack, RenderError> {
        let (mut stack, set, whole) = (Stack::default(), self.setter, self.column);
        let x = |part: f32| whole.x + whole.width * part;
        let has_approvals = self.data.credits.iter().any(|credit| !credit.approval.trim().is_empty());
        let ends = if has_approvals { [0.06, 0.40, 0.77, 0.94] } else { [0.06, 0.42, 0.94, 0.94] };
        let columns: Vec<Column> = ends
            .windows(2)
            .map(|pair| Column { x: x(pair[0]), width: whole.width * (pair[1] - pair[0]) - 10.0 })
            .collect();
        let wide = Column { x: x(ends[0]), width: whole.width * (ends[3] - ends[0]) };
        let row = |stack: &mut Stack, cells: [(&str, Role, Style); 3]| {
            let mut beside = Vec::new();
            for ((text, role, style), column) in cells.into_iter().zip(&columns) {
                let mut cell = Stack::default();
                set.add(&mut cell, *column, style, Words { part: Part::Credits, role, text })?;
                beside.push(cell);
            }
            stack.beside(beside);
            Ok::<(), RenderError>(())
        };
        let label = style(Look::Plain, SMALL, Colour::Accent);
        let approval = if has_approvals { "Approval" } else { "" };
        row(
            &mut stack,
            [
                ("Credit", Role::ColumnHeading, label),
                ("Approved by", Role::ColumnHeading, label),
                (approval, Role::ColumnHeading, label),
            ],
        )?;
        for credit in &self.data.credits {
            stack.gap(2.0);
            stack.rule(wide, 0.4, Colour::Line);
            stack.gap(2.0);
            let amount = format!("{} {}", words::amount(credit), words::measure(credit));
            let (strong, plain) = (style(Look::Strong, 9.5, Colour::Ink), style(Look::Plain, 9.0, Colour::Ink));
            let cell = |begins_row: bool| Role::Cell { begins_row };
            row(
                &mut stack,
                [
                    (&amount, cell(true), strong),
                    (&by(credit, way), cell(false), plain),
                    (&credit.approval, cell(false), plain),
                ],
            )?;
        }
        Ok(stack)
    }

    fn credit_columns(&self, way: Later) -> Result<Stack, RenderError> {
        let whole = self.column;
        let column = |x: f32| Column { x, width: whole.width / 2.0 - 12.0 };
        let (left, right) = self.data.credits.split_at(self.data.credits.len().div_ceil(2));
        let mut stack = Stack::default();
        stack.beside(vec![
            self.credit_column(column(whole.x), left, way)?,
            self.credit_column(column(whole.x + whole.width / 2.0 + 12.0), right, way)?,
        ]);
        Ok(stack)
    }

    fn credit_column(&self, column: Column, credits: &[CertifiedCredit], way: Later) -> Result<Stack, RenderError> {
        let mut stack = Stack::default();
        for credit in credits {
            let amount = format!("{} {}", words::amount(credit), words::measure(credit));
            let mut by = by(credit, way);
            if !credit.approval.trim().is_empty() {
                by = format!("{by} · {}", credit.approval);
            }
            self.setter.add(
                &mut stack,
                column,
                style(Look::Strong, SMALL, Colour::Ink),
                words(Part::Credits, &amount),
            )?;
            self.setter.add(&mut stack, column, style(Look::Plain, SMALL, Colour::Ink), words(Part::Credits, &by))?;
            stack.gap(1.5);
        }
        Ok(stack)
    }

    /// The provider, what was attended, who presented; and the statements, if they are short. `None` if they aren't.
    fn facts(&self, way: Later) -> Result<Option<Stack>, RenderError> {
        let (mut stack, whole) = (Stack::default(), self.column);
        const GAP: f32 = 22.0;
        let parts = [0.30, 0.42, 0.28];
        let mut x = whole.x;
        let columns = parts.map(|part| {
            let column = Column { x, width: whole.width * part - GAP };
            x += whole.width * part + GAP / 2.0;
            column
        });
        stack.rule(whole, 0.4, Colour::Line);
        stack.gap(6.0);
        stack.beside(vec![self.provider(columns[0])?, self.activity(columns[1])?, self.presenters(columns[2], way)?]);
        if way.statements {
            if way.bodies || self.has_statements() {
                stack.gap(3.0);
                let note = words(Part::Fixed, "What the bodies state, and the disclaimer, are on the next sheet.");
                self.setter.add(&mut stack, whole, style(Look::Plain, SMALL, Colour::Quiet), note)?;
            }
            return Ok(Some(stack));
        }
        let Some(statements) = self.statements()? else { return Ok(None) };
        if !statements.items.is_empty() {
            stack.gap(6.0);
            stack.append(statements);
        }
        Ok(Some(stack))
    }

    fn label(&self, stack: &mut Stack, column: Column, text: &str) -> Result<(), RenderError> {
        let heading = Words { part: Part::Fixed, role: Role::Heading(2), text };
        self.setter.add(stack, column, style(Look::Plain, SMALL, Colour::Accent), heading)?;
        stack.gap(1.0);
        Ok(())
    }

    fn provider(&self, column: Column) -> Result<Stack, RenderError> {
        let (mut stack, provider) = (Stack::default(), &self.data.provider);
        self.label(&mut stack, column, "Provider")?;
        let strong = style(Look::Strong, FACT, Colour::Ink);
        self.setter.add(&mut stack, column, strong, words(Part::Provider, &provider.name))?;
        let number = format!("Provider number {}", provider.number);
        let lines = std::iter::once(number.as_str()).chain(provider.address.iter().map(String::as_str));
        for line in lines.chain([provider.contact.as_str()]) {
            self.setter.add(&mut stack, column, style(Look::Plain, FACT, Colour::Ink), words(Part::Provider, line))?;
        }
        Ok(stack)
    }

    fn activity(&self, column: Column) -> Result<Stack, RenderError> {
        let mut stack = Stack::default();
        self.label(&mut stack, column, "Activity")?;
        for (label, value) in words::activity(self.data) {
            if !value.trim().is_empty() {
                let line = format!("{label}: {value}");
                self.setter.add(
                    &mut stack,
                    column,
                    style(Look::Plain, FACT, Colour::Ink),
                    words(Part::Activity, &line),
                )?;
            }
        }
        Ok(stack)
    }

    fn presenters(&self, column: Column, way: Later) -> Result<Stack, RenderError> {
        let (mut stack, presenters) = (Stack::default(), &self.data.activity.presenters);
        if presenters.is_empty() {
            return Ok(stack);
        }
        self.label(&mut stack, column, if presenters.len() == 1 { "Presenter" } else { "Presenters" })?;
        if way.presenters {
            let line = format!("{}, listed on the next sheet", presenters.len());
            self.setter.add(&mut stack, column, style(Look::Plain, FACT, Colour::Ink), words(Part::Fixed, &line))?;
            return Ok(stack);
        }
        for presenter in presenters {
            let line = super::presenter(presenter);
            self.setter.add(
                &mut stack,
                column,
                style(Look::Plain, FACT, Colour::Ink),
                words(Part::Presenters, &line),
            )?;
        }
        Ok(stack)
    }

    fn has_statements(&self) -> bool {
        super::paragraphs(self.data).next().is_some()
    }

    /// The statements and the disclaimer in two columns; `None` if they are too long for the front.
    fn statements(&self) -> Result<Option<Stack>, RenderError> {
        let whole = self.column;
        const GAP: f32 = 22.0;
        let width = (whole.width - GAP) / 2.0;
        let mut set = Vec::new();
        for (part, _, text) in super::paragraphs(self.data) {
            // A column holds some ninety signs a line: what is longer than both can't fit.
            if text.len() > 4 * 90 * MOST_STATEMENT_LINES {
                return Ok(None);
            }
            let shaped = self.setter.shape(Look::Plain, part, text)?;
            let lines = shaped.lines(width / SMALL);
            set.push((shaped, lines));
        }
        let lines: usize = set.iter().map(|(_, lines)| lines.len()).sum();
        let (mut left, mut right, mut count) = (Stack::default(), Stack::default(), 0);
        for (shaped, lines_of) in set {
            let is_left = count * 2 < lines;
            count += lines_of.len();
            let x = if is_left { whole.x } else { whole.x + width + GAP };
            let stack = if is_left { &mut left } else { &mut right };
            stack.set(
                &shaped,
                lines_of,
                Column { x, width },
                style(Look::Plain, SMALL, Colour::Quiet),
                Role::Paragraph,
            );
        }
        #[expect(clippy::cast_precision_loss, reason = "five lines")]
        let highest = SMALL * 1.4 * MOST_STATEMENT_LINES as f32;
        if left.height.max(right.height) > highest {
            return Ok(None);
        }
        let mut stack = Stack::default();
        stack.beside(vec![left, right]);
        Ok(Some(stack))
    }

    /// Who signs, when it was issued under which number, and where it can be checked.
    fn foot(&self) -> Result<Stack, RenderError> {
        let whole = self.column;
        let x = |part: f32| whole.x + whole.width * part;
        let column = |from: f32, to: f32| Column { x: x(from), width: whole.width * (to - from) };
        let code_x = whole.x + whole.width - CODE;
        let stacks = [
            self.signature(column(0.0, 0.27))?,
            self.issue(column(0.32, 0.60))?,
            self.check(Column { x: x(0.645), width: code_x - x(0.645) - 8.0 })?,
        ];
        let height = stacks.iter().map(|stack| stack.height).fold(CODE - 8.0, f32::max);
        let mut foot = Stack::default();
        for stack in stacks {
            // All stand on one ground.
            let y = height - stack.height;
            foot.items.extend(stack.at(y));
        }
        let alt = format!("QR code with the address {}", self.data.verify_at);
        let code = Rc::clone(&self.code);
        // The code's quiet zone reaches over the ground line by half of itself.
        foot.items.push(Item::Code { code, x: code_x + 8.0, y: height - CODE + 8.0, side: CODE, alt });
        foot.height = height;
        Ok(foot)
    }

    fn signature(&self, column: Column) -> Result<Stack, RenderError> {
        let (mut stack, set) = (Stack::default(), self.setter);
        let strong = style(Look::Strong, 9.0, Colour::Ink);
        let small = style(Look::Plain, 8.0, Colour::Quiet);
        let Some(signatory) = &self.data.signatory else {
            let line = format!("Issued electronically by {}", self.data.organisation.name);
            set.add(&mut stack, column, strong, words(Part::Organisation, &line))?;
            let line = "Its code and the signed record in this file stand for a signature by hand.";
            set.add(&mut stack, column, small, words(Part::Fixed, line))?;
            return Ok(stack);
        };
        if let Some(picture) = &self.images.signature {
            let (width, height) = picture.within(SIGNATURE.1, SIGNATURE.0);
            let alt = format!("Signature of {}", signatory.name);
            stack.items.push(Item::Picture { picture: picture.clone(), x: column.x, y: 0.0, width, height, alt });
            stack.gap(height + 2.0);
        }
        stack.rule(column, 0.6, Colour::Ink);
        stack.gap(2.0);
        set.add(&mut stack, column, strong, words(Part::Signatory, &signatory.name))?;
        set.add(&mut stack, column, small, words(Part::Signatory, &signatory.role))?;
        if self.images.signature.is_none() {
            let line = format!("Signed electronically for {}", self.data.organisation.name);
            set.add(&mut stack, column, small, words(Part::Organisation, &line))?;
        }
        Ok(stack)
    }

    fn issue(&self, column: Column) -> Result<Stack, RenderError> {
        let (mut stack, set, data) = (Stack::default(), self.setter, self.data);
        let small = style(Look::Plain, 8.0, Colour::Quiet);
        set.add(&mut stack, column, small, words(Part::Fixed, &format!("Issued {}", words::issued(data))))?;
        set.add(&mut stack, column, small, words(Part::Fixed, "Certificate number"))?;
        let code = grouped(&data.code);
        set.add(&mut stack, column, style(Look::Strong, 9.0, Colour::Ink), words(Part::Address, &code))?;
        if let Some(replaced) = &data.supersedes {
            let line = format!("Replaces certificate {}", grouped(replaced));
            set.add(&mut stack, column, small, words(Part::Address, &line))?;
        }
        if !data.organisation.contact.trim().is_empty() {
            set.add(&mut stack, column, small, words(Part::Organisation, &data.organisation.contact))?;
        }
        Ok(stack)
    }

    fn check(&self, column: Column) -> Result<Stack, RenderError> {
        let (mut stack, set) = (Stack::default(), self.setter);
        let strong = style(Look::Strong, 8.0, Colour::Ink);
        set.add(&mut stack, column, strong, words(Part::Fixed, "Anybody can check this certificate at"))?;
        let address = &self.data.verify_at;
        let role = Role::Link { address: address.clone(), says: format!("Check this certificate at {address}") };
        let link = Words { part: Part::Address, role, text: address };
        set.add(&mut stack, column, style(Look::Plain, 8.0, Colour::Accent), link)?;
        Ok(stack)
    }
}
