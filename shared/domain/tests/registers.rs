//! The rules of the registers' sheets: each reason why a row isn't entered, and what stays when a cell says nothing.

use domain::{
    course::{Course, CourseNumber, ProviderId},
    email::EmailAddress,
    hours::CreditHours,
    import::Subject,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::{
        Entry, Holder, LastChange, Provider, Versioned,
        judge::{Outcome, Plan, Providers, judge, plan, takes},
        reason::Reason,
        row::RegisterRow,
    },
    roster::{
        cell::{Cell, SheetRow},
        heading::{Column, HeadingRow, Headings},
    },
};
use jiff::civil::date;

fn cell(text: &str) -> Cell {
    match text {
        "" => Cell::Empty,
        // A day as a spreadsheet stores it.
        "=day" => Cell::Date { stored: "46037".to_owned(), day: Some(date(2026, 1, 15)) },
        "#N/A" => Cell::Error(text.to_owned()),
        text => Cell::Text(text.to_owned()),
    }
}

fn sheet_row(number: u32, texts: &[&str]) -> SheetRow {
    SheetRow { number, cells: texts.iter().map(|text| cell(text)).collect() }
}

fn headings(subject: Subject, names: &[&str]) -> Headings {
    HeadingRow::read(&sheet_row(1, names), subject).complete().expect("headings")
}

fn read(subject: Subject, names: &[&str], texts: &[&str]) -> RegisterRow {
    RegisterRow::read(&sheet_row(2, texts), &headings(subject, names))
}

const OF_PROVIDERS: [&str; 6] = ["Provider ID", "Provider Name", "License Number", "Email", "Active From", "Active To"];
const OF_COURSES: [&str; 7] =
    ["Course Number", "Title", "Hours", "Category", "Approved From", "Approved To", "Providers"];
const OF_LICENSEES: [&str; 8] =
    ["Board", "Profession", "License Number", "First Name", "Last Name", "Active From", "Active To", "Email"];

fn versioned<T>(value: T) -> Versioned<T> {
    Versioned { value, version: 1, last_change: None }
}

fn id(text: &str) -> ProviderId {
    ProviderId::parse(text).unwrap()
}

fn number(text: &str) -> LicenceNumber {
    LicenceNumber::parse(text).unwrap()
}

/// Acme with the licence number PRV-1, and Beta without one.
fn providers() -> Providers {
    let acme = Provider { licence: Some(number("PRV-1")), ..Provider::named(id("acme-ce"), "Acme CE") };
    [acme, Provider::named(id("beta"), "Beta")].map(versioned).into_iter().collect()
}

fn codes(judged: Result<Entry, Vec<Reason>>) -> Vec<(&'static str, Column)> {
    judged.expect_err("refused").iter().map(|reason| (reason.code(), reason.column())).collect()
}

fn check_provider(texts: [&str; 6], expected: &[(&str, Column)]) {
    let row = read(Subject::Providers, &OF_PROVIDERS, &texts);
    assert_eq!(codes(judge(&row, None, &providers())), expected, "{texts:?}");
}

fn check_course(texts: [&str; 7], expected: &[(&str, Column)]) {
    let row = read(Subject::Courses, &OF_COURSES, &texts);
    assert_eq!(codes(judge(&row, None, &providers())), expected, "{texts:?}");
}

fn check_licensee(texts: [&str; 8], expected: &[(&str, Column)]) {
    let row = read(Subject::Licensees, &OF_LICENSEES, &texts);
    assert_eq!(codes(judge(&row, None, &providers())), expected, "{texts:?}");
}

#[test]
fn a_provider_that_cannot_be_entered_is_told_every_reason() {
    use Column::*;
    check_provider(["", "", "", "", "", ""], &[("missing_value", ProviderName), ("missing_value", LicenseNumber)]);
    check_provider(["Bad Id!", "Gamma", "P-9", "", "", ""], &[("unreadable_id", ProviderId)]);
    check_provider(["gamma", "Gamma", "P-9", "a@b", "", ""], &[("unreadable_email", Email)]);
    check_provider(["gamma", "Gamma", "P-9", "", "soon", ""], &[("unreadable_date", ActiveFrom)]);
    let order = [("dates_out_of_order", ActiveTo)];
    check_provider(["gamma", "Gamma", "P-9", "", "2026-02-01", "2026-01-31"], &order);
    let conflict = |column| [("conflicts_with_register", column)];
    check_provider(["gamma", "Gamma", "prv 1", "", "", ""], &conflict(LicenseNumber));
}

#[test]
fn a_provider_without_an_id_is_given_one_made_of_its_name() {
    let entry = |name: &str| {
        let row = read(Subject::Providers, &OF_PROVIDERS, &["", name, "P-9", "", "", ""]);
        judge(&row, None, &providers())
    };
    let Ok(Entry::Provider(made)) = entry("Müller & Søn Continuing-Education, Inc.") else { panic!("refused") };
    assert_eq!(made.id.as_str(), "muller-son-continuing-education-inc");
    assert_eq!(codes(entry("Acme CE")), [("conflicts_with_register", Column::ProviderId)]);
    assert_eq!(codes(entry("北京")), [("missing_value", Column::ProviderId)]);
}

#[test]
fn a_provider_is_found_by_its_id_else_by_its_number_and_keeps_what_the_row_leaves_out() {
    let providers = providers();
    let row = read(Subject::Providers, &["Provider Name", "License Number"], &["Acme Continuing Education", "PRV 1"]);
    let domain::register::row::Content::Provider(content) = &row.content else { panic!("not a provider") };
    let mut before = providers.of_row(content).unwrap().value.clone();
    assert_eq!(before.id, id("acme-ce"));
    before.email_on_file = EmailAddress::parse("office@acme.example").ok();
    before.active_to = Some(date(2027, 1, 1));
    let Ok(Entry::Provider(after)) = judge(&row, Some(&Entry::Provider(before.clone())), &providers) else {
        panic!("refused")
    };
    assert_eq!(after.name, "Acme Continuing Education");
    assert_eq!((after.email_on_file, after.active_to), (before.email_on_file.clone(), before.active_to));
    let row = read(Subject::Providers, &OF_PROVIDERS, &["acme-ce", "Acme CE", "", "", "", ""]);
    let Ok(Entry::Provider(after)) = judge(&row, Some(&Entry::Provider(before.clone())), &providers) else {
        panic!("refused")
    };
    assert_eq!((after.licence, after.email_on_file), (before.licence, before.email_on_file));
    assert_eq!(after.active_to, None, "an empty last day says that there is none");
}

#[test]
fn a_course_that_cannot_be_entered_is_told_every_reason() {
    use Column::*;
    check_course(
        ["", "", "", "", "", "", ""],
        &[CourseNumber, Title, Hours, Category, ApprovedFrom].map(|column| ("missing_value", column)),
    );
    let course = |hours, from, to, providers| ["A-1", "Ethics", hours, "Ethics", from, to, providers];
    check_course(course("0", "=day", "", ""), &[("hours_not_positive", Hours)]);
    check_course(course("5000", "=day", "", ""), &[("hours_too_many", Hours)]);
    check_course(course("two", "=day", "", ""), &[("unreadable_number", Hours)]);
    check_course(course("1.5", "31/12/2026", "", ""), &[("unreadable_date", ApprovedFrom)]);
    check_course(course("1.5", "=day", "2026-01-14", ""), &[("dates_out_of_order", ApprovedTo)]);
    check_course(course("1.5", "=day", "", "acme-ce; nobody"), &[("unknown_provider", Providers)]);
    check_course(["=day", "Ethics", "1.5", "Ethics", "=day", "", ""], &[("unreadable_number", CourseNumber)]);
    check_course(["A-1", "#N/A", "1.5", "Ethics", "=day", "", ""], &[("missing_value", Title)]);
}

#[test]
fn a_courses_providers_are_named_by_id_or_number_and_stay_if_none_is_named() {
    let row = |providers: &str| {
        let texts = ["A-1", "Ethics", "1.5", "Ethics", "=day", "", providers];
        read(Subject::Courses, &OF_COURSES, &texts)
    };
    let Ok(Entry::Course(course)) = judge(&row("PRV 1; beta, Acme-CE"), None, &providers()) else { panic!("refused") };
    assert_eq!(course.providers, [id("acme-ce"), id("beta")].into());
    let before = Entry::Course(course.clone());
    let Ok(Entry::Course(after)) = judge(&row(""), Some(&before), &providers()) else { panic!("refused") };
    assert_eq!(after, course);
}

#[test]
fn a_licensee_that_cannot_be_entered_is_told_every_reason() {
    use Column::*;
    check_licensee(
        ["", "", "", "", "", "", "", ""],
        &[Board, Profession, LicenseNumber, FirstName, LastName].map(|column| ("missing_value", column)),
    );
    let row = |board, number, from, to, email| [board, "RN", number, "Ann", "Lee", from, to, email];
    check_licensee(row("TX#BON", "1", "", "", ""), &[("missing_value", Board)]);
    check_licensee(row("TX-BON", "=day", "", "", ""), &[("unreadable_number", LicenseNumber)]);
    check_licensee(row("TX-BON", "1", "=day", "1/14/2026", ""), &[("dates_out_of_order", ActiveTo)]);
    check_licensee(row("TX-BON", "1", "", "", "ann@lee@x"), &[("unreadable_email", Email)]);
    check_licensee(row("TX-BON", "1", "03.04.2026", "", ""), &[("unreadable_date", ActiveFrom)]);
}

#[test]
fn each_reason_is_a_sentence_that_says_what_to_do() {
    let row = read(Subject::Courses, &OF_COURSES, &["", "#N/A", "0", "x", "soon", "31.12.2026", "nobody"]);
    for reason in judge(&row, None, &providers()).unwrap_err() {
        let told = reason.told();
        assert!(told.text.ends_with('.') && told.text.len() > 40, "{told:?}");
        assert_eq!(told.column, reason.column().key());
    }
}

fn holder() -> Holder {
    Holder {
        licence: Licence { board: "TX-BON".into(), profession: "RN".into(), number: number("RN-1") },
        name: PersonName { first: "Ann".into(), last: "Lee".into() },
        active_from: None,
        active_to: None,
        email_on_file: None,
    }
}

#[test]
fn a_row_run_a_second_time_comes_to_what_it_came_to_the_first_time() {
    let entry = Entry::Holder(holder());
    assert_eq!(plan(&entry, None, "import:x#2"), Plan { outcome: Outcome::Added, save: true });
    let standing = |by: &str, fields: &[&str]| Versioned {
        value: entry.clone(),
        version: 2,
        last_change: Some(LastChange {
            by: by.to_owned(),
            at: 1,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        }),
    };
    let again = |standing: &Versioned<Entry>| plan(&entry, Some(standing), "import:x#2");
    assert_eq!(again(&standing("import:x#2", &[])), Plan { outcome: Outcome::Added, save: false });
    let updated = Outcome::Updated(vec!["Last Name".to_owned()]);
    assert_eq!(again(&standing("import:x#2", &["Last Name"])), Plan { outcome: updated, save: false });
    assert_eq!(again(&standing("import:y#2", &[])), Plan { outcome: Outcome::Unchanged, save: false });
    let married = Entry::Holder(Holder { name: PersonName { first: "Ann".into(), last: "Ray".into() }, ..holder() });
    let changed = plan(&married, Some(&standing("import:y#2", &[])), "import:x#2");
    assert_eq!(changed, Plan { outcome: Outcome::Updated(vec!["Last Name".to_owned()]), save: true });
}

#[test]
fn rows_about_the_same_entry_take_the_same_keys_however_they_are_spelt() {
    let spelt = Holder { licence: Licence { number: number("rn 1"), ..holder().licence }, ..holder() };
    assert_eq!(takes(&Entry::Holder(holder())), takes(&Entry::Holder(spelt)));
    let other = Holder { licence: Licence { profession: "LVN".into(), ..holder().licence }, ..holder() };
    assert_ne!(takes(&Entry::Holder(holder())), takes(&Entry::Holder(other)));
    let course = |number: &str| {
        Entry::Course(Course {
            number: CourseNumber::parse(number).unwrap(),
            title: String::new(),
            hours: CreditHours::MAX,
            category: String::new(),
            approved_from: date(2026, 1, 1),
            approved_to: None,
            providers: Default::default(),
        })
    };
    assert_eq!(takes(&course("a-1")), takes(&course("A-1")));
    let acme = Provider { licence: Some(number("PRV-1")), ..Provider::named(id("acme-ce"), "Acme") };
    assert_eq!(takes(&Entry::Provider(acme)).len(), 2, "its id and its number");
}
