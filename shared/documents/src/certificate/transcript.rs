//! Transcripts as PDF: by licence and cycle each credit on a row of a table that can be read out, and on the first sheet the code under
//! which anybody can check it. Made with the certificate's means, under the same rules: the same data are the same bytes.

use super::{
    Images, Part, RenderError, Rendered, TRANSCRIPT_HEADING, file,
    fonts::{Fonts, Look},
    qr::Code,
    setting::{Align, Column, Setter, Sizes, Stack, Style, Words},
    sheet::{Colour, Item, Role, Sheet},
};
use domain::{
    certificate::grouped,
    licence::Licence,
    tracker::written,
    transcript::{CycleStanding, OfCycle, OfLicence, SaidBy, TranscriptData, TranscriptLine},
};
use jiff::civil::Date;
use std::rc::Rc;

/// From the edge to the text at the sides, the top and the bottom.
const MARGIN: f32 = 50.0;
const TOP: f32 = 48.0;
/// The code's side with its quiet zone.
const CODE: f32 = 88.0;
/// As high and wide as the logo may be.
const LOGO: (f32, f32) = (34.0, 170.0);
/// A name has up to two parts of 100 signs.
const NAME: &Sizes = &[(24.0, 1), (20.0, 1), (17.0, 2), (14.0, 3), (12.0, 5)];
/// Rows of the tables, and what explains them.
const ROW: f32 = 8.5;
const SMALL: f32 = 8.0;
/// The columns: what stands over them, and which part of the width each has. Three numbers stand to the right.
const COLUMNS: [(&str, f32); 6] =
    [("Date", 0.125), ("Course", 0.395), ("Category", 0.17), ("Source", 0.14), ("Hours", 0.08), ("Counts", 0.09)];
/// A thousand rows of the longest titles take two hundred sheets.
const MOST_SHEETS: usize = 250;

/// Makes a transcript's file, with its signed record attached.
pub fn render_transcript(
    data: &TranscriptData,
    images: &Images,
    record: &[u8],
    fonts: &Fonts,
) -> Result<Rendered, RenderError> {
    let setter = Setter::new(fonts);
    let code = Code::of(&data.verify_at).ok_or(RenderError::Address)?;
    let (height, width) = super::measures(data.paper);
    let mut flow = Flow { setter: &setter, width, height, sheets: Vec::new(), y: 0.0 };
    flow.turn()?;
    let front = flow.front(data, images, code)?;
    flow.add(front)?;
    for of in &data.licences {
        flow.licence(of)?;
    }
    if !data.unassigned.is_empty() {
        flow.unassigned(&data.unassigned)?;
    }
    if data.lines().next().is_none() {
        let mut nothing = Stack::default();
        nothing.gap(12.0);
        flow.words(&mut nothing, plain(ROW), Part::Fixed, "There are no credits.")?;
        flow.add(nothing)?;
    }
    let sheets = flow.finished(data)?;
    let about = file::About {
        title: format!("{TRANSCRIPT_HEADING}: {}", data.holder.printed_name()),
        description: format!("Transcript {}, which anybody can check at {}", data.code, data.verify_at),
        author: &data.organisation.name,
        heading: TRANSCRIPT_HEADING,
        made_at: data.made_at,
        code: &data.code,
        record: "The signed record of this transcript",
    };
    file::write(&about, sheets, Some(record)).map(|pdf| Rendered { pdf })
}

fn plain(size: f32) -> Style {
    Style { look: Look::Plain, size, colour: Colour::Ink, align: Align::Left }
}

fn strong(size: f32) -> Style {
    Style { look: Look::Strong, ..plain(size) }
}

fn quiet(style: Style) -> Style {
    Style { colour: Colour::Quiet, ..style }
}

/// A paragraph.
fn words(part: Part, text: &str) -> Words<'_> {
    Words { part, role: Role::Paragraph, text }
}

/// A day as it prints: `Nov 23, 2026`.
fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}

fn licence(licence: &Licence) -> String {
    format!("{}, {} {}", licence.board, licence.profession, licence.number.shown())
}

/// Sheets as they fill, from top to bottom.
struct Flow<'a> {
    setter: &'a Setter<'a>,
    width: f32,
    height: f32,
    sheets: Vec<Sheet>,
    y: f32,
}

impl Flow<'_> {
    fn column(&self) -> Column {
        Column { x: MARGIN, width: self.width - 2.0 * MARGIN }
    }

    fn words(&self, stack: &mut Stack, style: Style, part: Part, text: &str) -> Result<(), RenderError> {
        self.setter.add(stack, self.column(), style, words(part, text))
    }

    fn heading(&self, stack: &mut Stack, level: u16, part: Part, text: &str) -> Result<(), RenderError> {
        let size = if level == 2 { 13.0 } else { 10.0 };
        let style = Style { colour: if level == 2 { Colour::Accent } else { Colour::Ink }, ..strong(size) };
        self.setter.add(stack, self.column(), style, Words { part, role: Role::Heading(level), text })
    }

    /// Begins a sheet.
    fn turn(&mut self) -> Result<(), RenderError> {
        if self.sheets.len() == MOST_SHEETS {
            return Err(RenderError::DoesNotFit { part: Part::Activity });
        }
        self.sheets.push(Sheet { width: self.width, height: self.height, items: Vec::new() });
        self.y = TOP;
        Ok(())
    }

    fn has_room(&self, height: f32) -> bool {
        // A block that is higher than a sheet stands on one of its own.
        self.y + height <= self.height - TOP || self.y <= TOP
    }

    fn add(&mut self, block: Stack) -> Result<(), RenderError> {
        if !self.has_room(block.height) {
            self.turn()?;
        }
        let below = self.y + block.height;
        let items = block.at(self.y);
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.items.extend(items);
        }
        self.y = below;
        Ok(())
    }

    /// Who it is of, who keeps the record, of which day, and where it can be checked.
    fn front(&self, data: &TranscriptData, images: &Images, code: Code) -> Result<Stack, RenderError> {
        let (set, whole) = (self.setter, self.column());
        let column = Column { width: whole.width - CODE - 14.0, ..whole };
        let mut left = Stack::default();
        if let Some(logo) = &images.logo {
            let (width, height) = logo.within(LOGO.1, LOGO.0);
            let alt = format!("Logo of {}", data.organisation.name);
            left.items.push(Item::Picture { picture: logo.clone(), x: column.x, y: 0.0, width, height, alt });
            left.gap(height + 6.0);
        }
        set.add(&mut left, column, quiet(strong(10.0)), words(Part::Organisation, &data.organisation.name))?;
        left.gap(2.0);
        let title = Style { look: Look::Display, colour: Colour::Accent, ..plain(22.0) };
        let heading = Words { part: Part::Fixed, role: Role::Heading(1), text: TRANSCRIPT_HEADING };
        set.add(&mut left, column, title, heading)?;
        left.gap(4.0);
        let name = data.holder.printed_name();
        set.fit(&mut left, column, Style { look: Look::Display, ..plain(24.0) }, NAME, words(Part::Name, &name))?;
        let licences: Vec<String> = data.holder.licences.iter().map(licence).collect();
        left.gap(3.0);
        if !licences.is_empty() {
            let line = format!("License{}: {}", if licences.len() > 1 { "s" } else { "" }, licences.join("; "));
            set.add(&mut left, column, quiet(plain(9.0)), words(Part::Licences, &line))?;
        }
        left.gap(4.0);
        let line = format!("As of {}.", data.as_of.strftime("%B %-d, %Y"));
        set.add(&mut left, column, strong(9.0), words(Part::Fixed, &line))?;
        for line in notes(data) {
            set.add(&mut left, column, quiet(plain(SMALL)), words(Part::Fixed, line))?;
        }
        left.gap(5.0);
        let check = "Anybody can check this transcript at";
        set.add(&mut left, column, strong(SMALL), words(Part::Fixed, check))?;
        let says = format!("Check this transcript at {}", data.verify_at);
        let role = Role::Link { address: data.verify_at.clone(), says };
        let link = Words { part: Part::Address, role, text: &data.verify_at };
        set.add(&mut left, column, Style { colour: Colour::Accent, ..plain(SMALL) }, link)?;
        let line = format!("Number {}", grouped(&data.code));
        set.add(&mut left, column, quiet(plain(SMALL)), words(Part::Address, &line))?;
        let mut right = Stack::default();
        let alt = format!("QR code with the address {}", data.verify_at);
        let x = whole.x + whole.width - CODE;
        right.items.push(Item::Code { code: Rc::new(code), x, y: 0.0, side: CODE, alt });
        right.gap(CODE);
        let mut stack = Stack::default();
        stack.beside(vec![left, right]);
        stack.gap(8.0);
        stack.rule(whole, 0.8, Colour::Accent);
        Ok(stack)
    }

    fn licence(&mut self, of: &OfLicence) -> Result<(), RenderError> {
        let mut heading = Stack::default();
        heading.gap(14.0);
        self.heading(&mut heading, 2, Part::Licences, &licence(&of.licence))?;
        if of.cycles.is_empty() {
            self.words(&mut heading, plain(ROW), Part::Fixed, "There are no credits for this license.")?;
            return self.add(heading);
        }
        let mut first = Some(heading);
        for cycle in &of.cycles {
            let is_only = of.cycles.len() == 1;
            self.cycle(first.take().unwrap_or_default(), cycle, is_only)?;
        }
        Ok(())
    }

    fn cycle(&mut self, mut begun: Stack, cycle: &OfCycle, is_only: bool) -> Result<(), RenderError> {
        begun.gap(6.0);
        match &cycle.standing {
            Some(standing) => {
                self.heading(&mut begun, 3, Part::Fixed, &days(standing))?;
                self.words(&mut begun, plain(ROW), Part::Activity, &standing.says())?;
                let by = standing.counted_by();
                self.words(&mut begun, quiet(plain(SMALL)), Part::Activity, &by)?;
            }
            None => {
                let title = if is_only { "All credits" } else { "Credits in no cycle" };
                self.heading(&mut begun, 3, Part::Fixed, title)?;
            }
        }
        self.table(begun, &cycle.lines)
    }

    fn unassigned(&mut self, lines: &[TranscriptLine]) -> Result<(), RenderError> {
        let mut begun = Stack::default();
        begun.gap(14.0);
        self.heading(&mut begun, 2, Part::Fixed, "Credits that count for no license")?;
        self.table(begun, lines)
    }

    /// A table under what was begun: that stays with the first row, and each sheet repeats the columns' headings.
    fn table(&mut self, begun: Stack, lines: &[TranscriptLine]) -> Result<(), RenderError> {
        if lines.is_empty() {
            let mut begun = begun;
            self.words(&mut begun, plain(ROW), Part::Fixed, "No credits.")?;
            return self.add(begun);
        }
        let mut block = begun;
        block.gap(4.0);
        block.append(self.head()?);
        for (place, line) in lines.iter().enumerate() {
            let row = self.row(line)?;
            if place == 0 {
                block.append(row);
                self.add(std::mem::take(&mut block))?;
                continue;
            }
            if !self.has_room(row.height) {
                self.turn()?;
                let head = self.head()?;
                self.add(head)?;
            }
            self.add(row)?;
        }
        let mut foot = Stack::default();
        foot.gap(2.0);
        foot.rule(self.column(), 0.6, Colour::Accent);
        foot.gap(2.0);
        let all: u32 = lines.iter().map(|line| line.hours.hundredths()).sum();
        let counts: Vec<u32> = lines.iter().filter_map(|line| line.counted).collect();
        let mut total = format!("In all {} hours", written(all));
        if !counts.is_empty() {
            total.push_str(&format!(", of which {} count", written(counts.iter().sum())));
        }
        let own: u32 =
            lines.iter().filter(|line| line.by == SaidBy::Licensee).map(|line| line.hours.hundredths()).sum();
        if own > 0 {
            total.push_str(&format!("; {} hours are self-reported", written(own)));
        }
        total.push('.');
        self.words(&mut foot, strong(ROW), Part::Fixed, &total)?;
        self.add(foot)
    }

    fn columns(&self) -> [Column; COLUMNS.len()] {
        let whole = self.column();
        let mut x = whole.x;
        COLUMNS.map(|(_, part)| {
            let column = Column { x, width: whole.width * part - 6.0 };
            x += whole.width * part;
            column
        })
    }

    fn cells(&self, stack: &mut Stack, cells: [(Part, Role, Style, &str); COLUMNS.len()]) -> Result<(), RenderError> {
        let mut beside = Vec::new();
        for ((place, (part, role, style, text)), column) in cells.into_iter().enumerate().zip(self.columns()) {
            let mut cell = Stack::default();
            let align = if place >= NUMBERS_FROM { Align::Right } else { Align::Left };
            self.setter.add(&mut cell, column, Style { align, ..style }, Words { part, role, text })?;
            beside.push(cell);
        }
        stack.beside(beside);
        Ok(())
    }

    fn head(&self) -> Result<Stack, RenderError> {
        let mut stack = Stack::default();
        let style = Style { colour: Colour::Accent, ..plain(SMALL) };
        self.cells(&mut stack, COLUMNS.map(|(title, _)| (Part::Fixed, Role::ColumnHeading, style, title)))?;
        Ok(stack)
    }

    fn row(&self, line: &TranscriptLine) -> Result<Stack, RenderError> {
        let mut stack = Stack::default();
        stack.gap(2.0);
        stack.rule(self.column(), 0.4, Colour::Line);
        stack.gap(2.0);
        let (cell, style) = (Role::Cell { begins_row: false }, plain(ROW));
        let by = if line.by == SaidBy::Licensee { strong(ROW) } else { style };
        // Every row has all its cells, for those who have it read out.
        let category = if line.category.trim().is_empty() { "–" } else { &line.category };
        let counted = line.counted.map_or_else(|| "–".to_owned(), written);
        self.cells(
            &mut stack,
            [
                (Part::Activity, Role::Cell { begins_row: true }, style, &day(line.date)),
                (Part::Title, cell.clone(), style, &course(line)),
                (Part::Activity, cell.clone(), style, category),
                (Part::Fixed, cell.clone(), by, line.by.words()),
                (Part::Credits, cell.clone(), style, &line.hours.to_string()),
                (Part::Credits, cell, style, &counted),
            ],
        )?;
        Ok(stack)
    }

    /// Says on each sheet whose it is, and which of how many.
    fn finished(mut self, data: &TranscriptData) -> Result<Vec<Sheet>, RenderError> {
        let (of, whole, code) = (self.sheets.len(), self.column(), grouped(&data.code));
        let style = Style { align: Align::Middle, ..quiet(plain(SMALL)) };
        let named = format!("Transcript of {} · {code}", data.holder.printed_name());
        for (place, sheet) in self.sheets.iter_mut().enumerate() {
            let mut foot = Stack::default();
            let number = format!("Sheet {} of {of}", place + 1);
            let words = |text| Words { part: Part::Name, role: Role::Running, text };
            let line = format!("{named} · {number}");
            // A name that takes more than a line here stands on the first sheet; the number tells whose sheet this is as well.
            match self.setter.fit(&mut foot, whole, style, &[(SMALL, 1), (7.0, 1)], words(&line)) {
                Err(RenderError::DoesNotFit { .. }) => {
                    self.setter.add(&mut foot, whole, style, words(&format!("Transcript {code} · {number}")))?;
                }
                other => other?,
            }
            sheet.items.extend(foot.at(self.height - TOP + 14.0));
        }
        Ok(self.sheets)
    }
}

/// The first column of numbers.
const NUMBERS_FROM: usize = 4;

/// What a reader has to know of all of it.
fn notes(data: &TranscriptData) -> Vec<&'static str> {
    let mut notes = vec!["Each board decides itself what it accepts."];
    if data.lines().any(|line| line.by == SaidBy::Licensee) {
        notes.push("What is marked “Self-reported” was entered by the licensee: nobody has checked it.");
    }
    notes.extend(data.says_what_is_cut());
    notes
}

fn days(standing: &CycleStanding) -> String {
    format!("{} to {}", day(standing.from), day(standing.to))
}

/// `Grief and loss. University of Texas, no. CE-101, live webinar. Certificate 06ep3 …`
fn course(line: &TranscriptLine) -> String {
    let mut facts = vec![line.provider.clone()];
    if !line.course.is_empty() {
        facts.push(format!("no. {}", line.course));
    }
    if let Some(delivery) = line.delivery {
        facts.push(delivery.title().to_owned());
    }
    facts.retain(|fact| !fact.trim().is_empty());
    let title = line.title.trim();
    let mut says = title.to_owned();
    if !facts.is_empty() {
        let ends = if title.ends_with(['.', '?', '!']) { " " } else { ". " };
        says.push_str(&format!("{ends}{}", facts.join(", ")));
    }
    if let Some(code) = &line.certificate {
        says.push_str(&format!(". Certificate {}", grouped(code)));
    }
    if let Some(why) = line.says_why() {
        let ends = if says.ends_with(['.', '?', '!']) { " " } else { ". " };
        says.push_str(&format!("{ends}{why}"));
    }
    says
}
