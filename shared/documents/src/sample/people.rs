//! The sample of a list of people for an event, with its instructions. The people are made up.

use super::Value::{self, Nothing, Text};

/// Two people, one of them without a licence number.
pub(super) fn people() -> Vec<Vec<Value>> {
    vec![
        vec![Text("Maria"), Text("Garcia"), Text("maria.garcia@mail.example"), Text("00012345")],
        vec![Text("James"), Text("O'Brien"), Text("james.obrien@mail.example"), Nothing],
    ]
}

/// What the Instructions sheet says, a line a row.
pub(super) const OF_PEOPLE: &[&str] = &[
    "How to fill in the people",
    "One row for each person, in the sheet named People. Replace the example rows by your own.",
    "First Name, Last Name and Email are needed. Other columns may stand beside them; they are ignored.",
    "A registration report that was exported from Zoom as CSV can be uploaded without changes. Rows whose Approval Status isn't approved fail, and nobody is put down for them.",
    "",
    "Email: the person's own address, once in the file. A mail is sent there that asks the person to confirm.",
    "License Number: may be left out. It is shown to you as unverified; the person registers with the licenses of the account.",
    "",
    "How to upload it",
    "In the portal open the event, People, Import registrations, choose the file and press Upload List.",
    "Each new person takes a seat at once, and is registered when they have confirmed with an account of that address.",
    "The same file again changes nothing for who is on the list or has registered. Who said that they aren't coming stays off it.",
    "Who isn't in the file stays on the list: take them off on the page People, and remove them from the file too.",
    "Every row ends as processed or failed. The workbook you get back has a Status column with every reason in words.",
];
