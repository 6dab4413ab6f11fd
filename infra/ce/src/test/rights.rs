//! After the stories: each role of a function has the rights that its calls used, and no others. The local cloud judges every call by the
//! template's policies and notes by which of their parts it was allowed.

use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// What Lambda itself does in a role's name: it takes messages from the function's queue and writes its log and traces. The local cloud
/// does that without asking.
const OF_LAMBDA: [&str; 8] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
];

/// The local SESv2 is one of our own, and knows no roles.
const NOT_JUDGED: &str = "ses:";

/// Rights that no story uses, by role, statement of its policy and right in that; a test in the process makes each call. Whoever
/// lets a story use one takes it off: the list may only become shorter.
const BESIDE: [(&str, usize, &str); 25] = [
    // A provider's course or number that a register doesn't have any more: `registers` of the import.
    ("ImportRosterRole", 1, "action 0"),
    ("ImportRosterRole", 1, "resource 0"),
    ("ImportRosterRole", 1, "value 0"),
    ("ImportRosterRole", 1, "value 1"),
    // No call: with this right AWS says of a file that is gone that it is gone, and without it that it is forbidden.
    ("ImportRosterRole", 4, "action 0"),
    ("ImportRosterRole", 4, "resource 0"),
    // The provider's name on what is frozen, and the place of somebody who waits no more: `due`.
    ("ReconcileAttendanceRole", 2, "value 2"),
    ("ReconcileAttendanceRole", 3, "value 0"),
    // What a word about attendance does to a certificate: `due::attendance`.
    ("ReconcileAttendanceRole", 6, "resource 1"),
    // Reminders of cycles, on days that no deployed clock has: `due::cycles`.
    ("ReconcileAttendanceRole", 13, "action 0"),
    ("ReconcileAttendanceRole", 13, "value 3"),
    ("ReconcileAttendanceRole", 13, "value 4"),
    ("ReconcileAttendanceRole", 13, "value 5"),
    ("ReconcileAttendanceRole", 14, "action 0"),
    ("ReconcileAttendanceRole", 14, "resource 0"),
    ("ReconcileAttendanceRole", 14, "value 0"),
    ("ReconcileAttendanceRole", 15, "action 0"),
    ("ReconcileAttendanceRole", 15, "resource 0"),
    ("ReconcileAttendanceRole", 15, "value 0"),
    // What a process that died has stored already, and what was removed while it was made: `completing::torn`, `certificates::transcripts`.
    ("RenderCertificateRole", 4, "action 1"),
    ("RenderCertificateRole", 10, "action 2"),
    // Mails that the sweep hands out again: `mails`.
    ("SendEvaluationsRole", 3, "action 0"),
    ("SendEvaluationsRole", 3, "resource 0"),
    // The office's other account, and the seats of who has closed an account: `closing` and `leaving` of the sign-up.
    ("SignUpRole", 0, "action 6"),
    ("SignUpRole", 1, "resource 1"),
];

/// A line of the local cloud's notes.
#[derive(Debug, Deserialize)]
struct Noted {
    role: String,
    statement: usize,
    /// An action, a resource or a condition's value, by its place in the statement.
    right: String,
    /// The right in words, as it is in that cloud.
    told: String,
    is_used: bool,
}

/// What roles have of rights and what they used.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rights {
    /// How many they have.
    pub(super) granted: usize,
    /// Of which role, and what, that no call used.
    pub(super) unused: Vec<(String, String)>,
    /// Roles that no call was made in.
    pub(super) silent: Vec<String>,
    /// What is on the list of those that no story uses, and was used, or isn't there.
    pub(super) listed: Vec<(&'static str, usize, &'static str)>,
}

/// The names in the template of the roles that functions have.
fn roles(template: &str) -> BTreeSet<String> {
    let mut last = "";
    let mut roles = BTreeSet::new();
    for line in template.lines() {
        if let Some(name) = line.strip_prefix("  ").and_then(|line| line.strip_suffix(':'))
            && !name.starts_with([' ', '#'])
        {
            last = name;
        }
        if last.ends_with("Role") && line.contains("Principal: {Service: lambda.amazonaws.com}") {
            roles.insert(last.to_owned());
        }
    }
    roles
}

fn difference(
    roles: &BTreeSet<String>,
    beside: &[(&'static str, usize, &'static str)],
    lines: impl Iterator<Item = String>,
) -> Rights {
    let mut all: BTreeMap<(String, usize, String), (String, bool)> = BTreeMap::new();
    for line in lines {
        let Ok(noted) = serde_json::from_str::<Noted>(&line) else { continue };
        // A role's name in a cloud: its stack's, the template's, and letters that are that cloud's.
        let Some(role) = noted.role.split('-').find(|part| roles.contains(*part)) else { continue };
        let (_, is_used) =
            all.entry((role.to_owned(), noted.statement, noted.right)).or_insert((noted.told, noted.is_used));
        *is_used |= noted.is_used;
    }
    let silent = roles.iter().filter(|role| all.keys().all(|(heard, _, _)| heard != *role)).cloned().collect();
    let is_lambdas = |told: &str| OF_LAMBDA.contains(&told) || told.starts_with(NOT_JUDGED);
    // Statements that are Lambda's alone have resources of its own too.
    let own: BTreeSet<(&str, usize)> = all
        .iter()
        .filter(|((_, _, right), (told, _))| right.starts_with("action") && !is_lambdas(told))
        .map(|((role, statement, _), _)| (role.as_str(), *statement))
        .collect();
    let ours = |role: &str, statement: usize, told: &str| own.contains(&(role, statement)) && !is_lambdas(told);
    let granted: Vec<_> = all.iter().filter(|((role, statement, _), (told, _))| ours(role, *statement, told)).collect();
    let is_listed = |role: &str, statement: usize, right: &str| beside.contains(&(role, statement, right));
    let unused = granted
        .iter()
        .filter(|((role, statement, right), (_, is_used))| !is_used && !is_listed(role, *statement, right));
    let is_unused = |(role, statement, right): &(&str, usize, &str)| {
        all.get(&((*role).to_owned(), *statement, (*right).to_owned())).is_some_and(|(_, is_used)| !is_used)
    };
    let told = |statement: usize, right: &str, told: &str| format!("statement {statement}, {right}: {told}");
    Rights {
        granted: granted.len(),
        unused: unused
            .map(|((role, statement, right), (text, _))| (role.clone(), told(*statement, right, text)))
            .collect(),
        silent,
        listed: beside.iter().filter(|listed| !is_unused(listed)).copied().collect(),
    }
}

/// What the roles of a template have, less what the local clouds noted that were written to since.
pub(super) fn unused_since(began: std::time::SystemTime) -> Rights {
    let template = fs::read_to_string(local::files::root().join("infra/template.yaml")).unwrap_or_default();
    difference(&roles(&template), &BESIDE, super::lines_since(began, local::server::RIGHTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "Resources:
  PortalRole:
    Type: AWS::IAM::Role
    Properties:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: \"sts:AssumeRole\"}
  SweepRole:
    Properties:
            Principal: {Service: scheduler.amazonaws.com}
";

    fn line(statement: usize, right: &str, told: &str, is_used: bool) -> String {
        let role = "contact-hour-PortalRole-0A1B2";
        serde_json::json!({ "role": role, "statement": statement, "right": right, "told": told, "is_used": is_used })
            .to_string()
    }

    fn unused(lines: &[String]) -> Vec<String> {
        let rights = difference(&roles(TEMPLATE), &[], lines.iter().cloned());
        assert_eq!(rights.silent, Vec::<String>::new());
        rights.unused.into_iter().map(|(_, told)| told).collect()
    }

    #[test]
    fn a_right_that_no_call_used_is_told() {
        let granted = [
            line(0, "action 0", "dynamodb:GetItem", false),
            line(0, "resource 0", "arn:table", false),
            line(0, "value 0", "EVENT#*", false),
            line(0, "value 1", "MAIL#*", false),
        ];
        assert_eq!(unused(&granted).len(), 4);
        let used = [
            line(0, "action 0", "dynamodb:GetItem", true),
            line(0, "resource 0", "arn:table", true),
            line(0, "value 0", "EVENT#*", true),
        ];
        let all: Vec<String> = granted.into_iter().chain(used).collect();
        assert_eq!(unused(&all), ["statement 0, value 1: MAIL#*"]);
    }

    #[test]
    fn what_lambda_does_in_a_roles_name_is_no_call_of_ours() {
        let granted = [
            line(0, "action 0", "sqs:ReceiveMessage", false),
            line(0, "resource 0", "arn:queue", false),
            line(1, "action 0", "sqs:DeleteMessage", false),
            line(1, "action 1", "sqs:SendMessage", false),
        ];
        assert_eq!(unused(&granted), ["statement 1, action 1: sqs:SendMessage"]);
    }

    #[test]
    fn what_is_listed_isnt_told_until_it_is_used() {
        let beside = [("PortalRole", 0, "action 0")];
        let told = |is_used| {
            let rights =
                difference(&roles(TEMPLATE), &beside, [line(0, "action 0", "s3:GetObject", is_used)].into_iter());
            (rights.unused.len(), rights.listed.len())
        };
        assert_eq!((told(false), told(true)), ((0, 0), (0, 1)));
        let gone = difference(&roles(TEMPLATE), &beside, std::iter::empty());
        assert_eq!(gone.listed, beside, "it isn't granted any more");
    }

    #[test]
    fn a_functions_role_that_nobody_heard_of_is_told() {
        let rights = difference(&roles(TEMPLATE), &[], std::iter::empty());
        assert_eq!(rights, Rights { silent: vec!["PortalRole".to_owned()], ..Rights::default() });
    }
}
