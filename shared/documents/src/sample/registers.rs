//! The registers' sample rows and instructions. The people and organisations are made up.

use super::Value::{self, Day, Nothing, Number, Text};

/// Two providers; the second is to be given an id made of its name.
pub(super) fn providers() -> Vec<Vec<Value>> {
    vec![
        vec![
            Text("acme-ce"),
            Text("Acme Continuing Education"),
            Text("PRV-0042"),
            Text("office@acme-ce.example"),
            Text("Ann Lee"),
            Text("512-555-0100"),
            Text("1 Main Street"),
            Text("Austin"),
            Text("TX"),
            Text("78701"),
            Day((2020, 1, 1)),
            Nothing,
        ],
        vec![
            Nothing,
            Text("Lone Star Seminars"),
            Text("PRV-0107"),
            Text("hello@lonestar.example"),
            Text("Bo Park"),
            Text("713-555-0107"),
            Text("22 Bayou Road"),
            Text("Houston"),
            Text("TX"),
            Text("77002"),
            Day((2022, 7, 1)),
            Day((2027, 6, 30)),
        ],
    ]
}

/// Three courses: two of one provider, and one without an end.
pub(super) fn courses() -> Vec<Vec<Value>> {
    let course = |number, title, hours, category, to, providers| {
        vec![Text(number), Text(title), Number(hours), Text(category), Day((2025, 1, 1)), to, Text(providers)]
    };
    let end = || Day((2027, 12, 31));
    vec![
        course("ETH-101", "Professional Ethics", 2.0, "Ethics", end(), "acme-ce"),
        course("PHM-220", "Pharmacology Update", 1.5, "Pharmacology", end(), "acme-ce"),
        course("LAW-015", "Jurisprudence", 1.0, "Jurisprudence", Nothing, "acme-ce; northside"),
    ]
}

/// Three licensees, as the roster's sample has them.
pub(super) fn licensees() -> Vec<Vec<Value>> {
    let licensee = |board, profession, number, first, last, email| {
        vec![Text(board), Text(profession), Text(number), Text(first), Text(last), Day((2020, 1, 1)), Nothing, email]
    };
    vec![
        licensee("TX-BON", "RN", "00012345", "Maria", "Garcia", Text("maria.garcia@mail.example")),
        licensee("TX-BON", "RN", "RN-204817", "James", "O'Brien", Nothing),
        licensee("TX-BHEC", "LPC", "LPC.30921", "Zoë", "Müller-Lüdenscheidt", Nothing),
    ]
}

/// What the Instructions sheet of the providers says, a line a row.
pub(super) const OF_PROVIDERS: &[&str] = &[
    "How to fill in the providers",
    "One row for each provider, in the sheet named Providers. Replace the example rows by your own.",
    "Provider Name and License Number are needed. Other columns may be left out: the register keeps what it has.",
    "",
    "Provider ID: a short name of lower-case letters, digits and dashes that never changes. Left empty, the provider is found by its License Number, or is given an ID made of its name.",
    "License Number: the number of the provider's license, with all its zeros. No two providers have the same.",
    "Email: where the office writes to. A link sent there proves that an account is the provider's, so check it with care.",
    "Active From, Active To: the days between which the provider's license is active. An empty Active To has no end.",
    "An empty cell in another column leaves what the register has.",
    "",
    "How to upload it",
    "In the portal open Registers, Providers, Import, choose the file and press Upload CE File.",
    "New rows are entered, changed ones are updated, equal ones are left alone. What isn't in the file stays on the register.",
    "Every row ends as processed or failed. The workbook you get back has a Status column with every reason in words.",
];

/// What the Instructions sheet of the courses says, a line a row.
pub(super) const OF_COURSES: &[&str] = &[
    "How to fill in the courses",
    "One row for each course, in the sheet named Courses. Replace the example rows by your own.",
    "All headings but Approved To are needed. Other columns may stand beside them; they are ignored.",
    "",
    "Course Number: as the board has given it. No two courses have the same.",
    "Hours: the credit the course yields at most, with up to two decimals.",
    "Approved From, Approved To: the first and the last day of the approval. An empty Approved To has no end.",
    "Providers: who offers the course, by Provider ID or by the number of the provider's license; several with ; between them.",
    "",
    "How to upload it",
    "In the portal open Registers, Courses, Import, choose the file and press Upload CE File.",
    "New rows are entered, changed ones are updated, equal ones are left alone. What isn't in the file stays on the register.",
    "Every row ends as processed or failed. The workbook you get back has a Status column with every reason in words.",
];

/// What the Instructions sheet of the licensees says, a line a row.
pub(super) const OF_LICENSEES: &[&str] = &[
    "How to fill in the licensees",
    "One row for each license, in the sheet named Licensees. Replace the example rows by your own.",
    "Board, Profession, License Number, First Name and Last Name are needed. Other columns may be left out.",
    "",
    "Board, Profession: short names, as in TX-BON and RN. With the License Number they say which license it is.",
    "License Number: as on the license, with all its zeros. The column is formatted as text so that they stay.",
    "Active From, Active To: the days between which the license is active. An empty Active To has no end.",
    "Email: where the board writes to the licensee. An empty cell leaves what the register has.",
    "",
    "How to upload it",
    "In the portal open Registers, Licensees, Import, choose the file and press Upload CE File.",
    "New rows are entered, changed ones are updated, equal ones are left alone. What isn't in the file stays on the register.",
    "A license isn't removed: enter the last day it was active.",
    "Every row ends as processed or failed. The workbook you get back has a Status column with every reason in words.",
];
