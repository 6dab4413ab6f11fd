//! The editor's form: a set's fields with rows for its categories and its rules of delivery. What was typed stays, whatever is wrong.

use domain::requirement::{
    CategoryDraft, Delivery, Draft, FirstCycle, FormatDraft, MOST_CATEGORIES, MOST_FORMATS, Wrong,
};
use pages::fields::{Fields, Typed};

/// Empty rows for what is to come: enough for most, and there is a button for more.
const SPARE_ROWS: usize = 2;
/// Rows of categories that a form may have: some more than may be saved, so that one too many is told so.
const MOST_CATEGORY_ROWS: usize = MOST_CATEGORIES + 4;
/// The same of rules of delivery.
const MOST_FORMAT_ROWS: usize = MOST_FORMATS + 2;

/// The single fields, with what the list of what is wrong calls them.
const FIELDS: [(&str, &str); 17] = [
    ("board", "Board"),
    ("profession", "Profession"),
    ("name", "Name"),
    ("from", "Holds for cycles from"),
    ("months", "Months of a cycle"),
    ("anchor", "End of a cycle"),
    ("ends", "A day on which a cycle ends"),
    ("total", "Hours of a cycle"),
    ("most_a_day", "Most hours of a day"),
    ("carry", "Hours that go over"),
    ("first_cycle", "First cycle"),
    ("repeat", "A course taken again"),
    ("repeat_months", "Months"),
    ("grace_days", "Days of grace"),
    ("source", "Source"),
    ("source_date", "Read on"),
    ("reviewed_by", "Reviewed by"),
];
const FLAGS: [&str; 2] = ["others_count", "shares"];
const CATEGORY_TEXTS: [(&str, &str); 6] = [
    ("name", "Category"),
    ("least", "Least of a category"),
    ("most", "Most of a category"),
    ("accepts", "Other names of a category"),
    ("also", "Overlap of a category"),
    ("only_for", "Whom a category is for"),
];
const CATEGORY_FLAGS: [&str; 2] = ["beside_total", "carries"];
const FORMAT_TEXTS: [(&str, &str); 2] = [("least", "Least of a delivery"), ("most", "Most of a delivery")];

/// The form as it is shown.
pub(super) struct SetForm {
    /// All texts, by their fields' names.
    pub(super) fields: Fields,
    pub(super) others_count: bool,
    pub(super) shares: bool,
    pub(super) categories: Vec<CategoryRow>,
    pub(super) formats: Vec<FormatRow>,
    pub(super) anchors: Vec<(String, &'static str)>,
    pub(super) first_cycles: Vec<(String, &'static str)>,
    pub(super) repeats: Vec<(String, &'static str)>,
}

/// A category's row.
pub(super) struct CategoryRow {
    pub(super) number: usize,
    pub(super) beside_total: bool,
    pub(super) carries: bool,
}

/// A rule of delivery's row.
pub(super) struct FormatRow {
    pub(super) number: usize,
    /// The ways of delivery: the field's name, the label, and whether it is chosen.
    pub(super) of: Vec<(String, &'static str, bool)>,
}

impl SetForm {
    /// The field of a row.
    pub(super) fn at(&self, rows: &str, number: &usize, part: &str) -> &pages::fields::Field {
        self.fields.at(&format!("{rows}.{number}.{part}"))
    }

    /// A form with what stands in a draft.
    pub(super) fn of(draft: &Draft) -> Self {
        Self::with(draft, SPARE_ROWS)
    }

    /// The same with more empty rows.
    pub(super) fn with_more_rows(draft: &Draft) -> Self {
        Self::with(draft, 3 * SPARE_ROWS)
    }

    /// The same with what is wrong.
    pub(super) fn wrong(draft: &Draft, wrong: &[Wrong]) -> Self {
        let mut form = Self::of(draft);
        for Wrong { field, problem } in wrong {
            let field = match field.as_str() {
                "category" => "category.0.name",
                "format" => "format.0.least",
                // The boxes of a row have no field of their own to say it at.
                other => &other.replace(".of", ".least"),
            };
            form.fields.tell(field, problem);
        }
        form
    }

    fn with(draft: &Draft, spare: usize) -> Self {
        let categories = (draft.categories.len() + spare).min(MOST_CATEGORY_ROWS);
        let formats = (draft.formats.len() + spare / 2).min(MOST_FORMAT_ROWS);
        let mut values: Vec<(String, String)> =
            FIELDS.iter().map(|(name, _)| ((*name).to_owned(), single(draft, name).to_owned())).collect();
        let (no_category, no_format) = (CategoryDraft::default(), FormatDraft::default());
        let (mut category_rows, mut format_rows) = (Vec::new(), Vec::new());
        for number in 0..categories {
            let row = draft.categories.get(number).unwrap_or(&no_category);
            let texts = CATEGORY_TEXTS.map(|(part, _)| (format!("category.{number}.{part}"), of_category(row, part)));
            values.extend(texts.map(|(name, text)| (name, text.to_owned())));
            category_rows.push(CategoryRow { number, beside_total: row.beside_total, carries: row.carries });
        }
        for number in 0..formats {
            let row = draft.formats.get(number).unwrap_or(&no_format);
            values.push((format!("format.{number}.least"), row.least.clone()));
            values.push((format!("format.{number}.most"), row.most.clone()));
            let of = Delivery::ALL.map(|delivery| {
                let name = delivery.as_str();
                (format!("format.{number}.{name}"), delivery.title(), row.of.iter().any(|chosen| chosen == name))
            });
            format_rows.push(FormatRow { number, of: of.into() });
        }
        let mut fields = Fields::of(values);
        for (name, label) in FIELDS {
            fields.label(name, label);
        }
        for number in 0..categories {
            for (part, label) in CATEGORY_TEXTS {
                fields.label(&format!("category.{number}.{part}"), label);
            }
        }
        for number in 0..formats {
            for (part, label) in FORMAT_TEXTS {
                fields.label(&format!("format.{number}.{part}"), label);
            }
        }
        let choices = |choices: &[(&str, &'static str)]| {
            choices.iter().map(|(value, words)| ((*value).to_owned(), *words)).collect::<Vec<_>>()
        };
        Self {
            fields,
            others_count: draft.others_count,
            shares: draft.shares,
            categories: category_rows,
            formats: format_rows,
            anchors: choices(&[
                ("", "Choose"),
                ("fixed_date", "The same day for everybody"),
                ("birth_month", "The last day of the month of birth"),
                ("issue_anniversary", "The day before the anniversary of the license's issue"),
            ]),
            first_cycles: choices(&[
                ("", "Choose"),
                (FirstCycle::Whole.as_str(), "All that is asked in any"),
                (FirstCycle::InProportion.as_str(), "As much as its months are of a whole cycle's"),
                (FirstCycle::Nothing.as_str(), "Nothing"),
            ]),
            repeats: choices(&[
                ("", "Choose"),
                ("counts", "counts each time"),
                ("once_a_cycle", "counts once in a cycle"),
                ("once_in", "counts once in so many months"),
            ]),
        }
    }
}

fn single<'a>(draft: &'a Draft, name: &str) -> &'a str {
    match name {
        "board" => &draft.board,
        "profession" => &draft.profession,
        "name" => &draft.name,
        "from" => &draft.from,
        "months" => &draft.months,
        "anchor" => &draft.anchor,
        "ends" => &draft.ends,
        "total" => &draft.total,
        "most_a_day" => &draft.most_a_day,
        "carry" => &draft.carry,
        "first_cycle" => &draft.first_cycle,
        "repeat" => &draft.repeat,
        "repeat_months" => &draft.repeat_months,
        "grace_days" => &draft.grace_days,
        "source" => &draft.source,
        "source_date" => &draft.source_date,
        "reviewed_by" => &draft.reviewed_by,
        _ => "",
    }
}

fn of_category<'a>(row: &'a CategoryDraft, part: &str) -> &'a str {
    match part {
        "name" => &row.name,
        "least" => &row.least,
        "most" => &row.most,
        "accepts" => &row.accepts,
        "also" => &row.also,
        "only_for" => &row.only_for,
        _ => "",
    }
}

/// Whether the form has a field of this name.
pub(super) fn is_field(name: &str) -> bool {
    if FIELDS.iter().any(|(field, _)| *field == name) || FLAGS.contains(&name) {
        return true;
    }
    let mut parts = name.splitn(3, '.');
    let (rows, number, part) = (parts.next(), parts.next().and_then(|it| it.parse::<usize>().ok()), parts.next());
    let (Some(number), Some(part)) = (number, part) else { return false };
    match rows {
        Some("category") => {
            number < MOST_CATEGORY_ROWS
                && (CATEGORY_TEXTS.iter().any(|(field, _)| *field == part) || CATEGORY_FLAGS.contains(&part))
        }
        Some("format") => {
            number < MOST_FORMAT_ROWS
                && (FORMAT_TEXTS.iter().any(|(field, _)| *field == part) || Delivery::parse(part).is_some())
        }
        _ => false,
    }
}

/// What was typed. Rows keep their numbers, so that what is wrong is said at the right one.
pub(super) fn draft_of(typed: &Typed) -> Draft {
    let text = |name: &str| typed.text(name).to_owned();
    let is_ticked = |name: &str| typed.text(name) == "yes";
    let category = |number: usize| {
        let part = |part: &str| text(&format!("category.{number}.{part}"));
        CategoryDraft {
            name: part("name"),
            accepts: part("accepts"),
            least: part("least"),
            most: part("most"),
            also: part("also"),
            only_for: part("only_for"),
            beside_total: is_ticked(&format!("category.{number}.beside_total")),
            carries: is_ticked(&format!("category.{number}.carries")),
        }
    };
    let format = |number: usize| FormatDraft {
        of: Delivery::ALL
            .into_iter()
            .map(Delivery::as_str)
            .filter(|name| is_ticked(&format!("format.{number}.{name}")))
            .map(str::to_owned)
            .collect(),
        least: text(&format!("format.{number}.least")),
        most: text(&format!("format.{number}.most")),
    };
    let mut categories: Vec<CategoryDraft> = (0..MOST_CATEGORY_ROWS).map(category).collect();
    while categories.last().is_some_and(|last| *last == CategoryDraft::default()) {
        categories.pop();
    }
    let mut formats: Vec<FormatDraft> = (0..MOST_FORMAT_ROWS).map(format).collect();
    while formats.last().is_some_and(|last| *last == FormatDraft::default()) {
        formats.pop();
    }
    Draft {
        board: text("board"),
        profession: text("profession"),
        name: text("name"),
        from: text("from"),
        months: text("months"),
        anchor: text("anchor"),
        ends: text("ends"),
        total: text("total"),
        categories,
        formats,
        most_a_day: text("most_a_day"),
        carry: text("carry"),
        first_cycle: text("first_cycle"),
        repeat: text("repeat"),
        repeat_months: text("repeat_months"),
        others_count: is_ticked("others_count"),
        shares: is_ticked("shares"),
        grace_days: text("grace_days"),
        source: text("source"),
        source_date: text("source_date"),
        reviewed_by: text("reviewed_by"),
    }
}
