//! What infra/template.yaml must say, above all where the local cloud doesn't listen: backups, encryption, retention, rights.
//!
//! Every rule is also shown to find the faults that it is for.

mod rules;

use local::{files, python::Python};
use rules::RULES;
use serde_json::Value;
use std::{process::Command, sync::LazyLock};

/// The template as written, and as SAM turns it into plain resources.
struct Template {
    written: Value,
    translated: Value,
}

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| {
    let python = environment("cloud", "requirements.txt").python();
    let answer = Command::new(python)
        .arg(files::here("template.py"))
        .arg(files::template())
        .env("AWS_DEFAULT_REGION", local::REGION)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let both: Value = serde_json::from_slice(&answer.stdout).unwrap();
    Template { written: both["written"].clone(), translated: both["translated"].clone() }
});

fn environment(name: &str, requirements: &str) -> local::python::Environment {
    let directory = files::kept().join("python");
    let python = Python::find().unwrap();
    python.environment(&directory, name, &files::here(requirements), &|step| println!("{step}")).unwrap()
}

#[test]
fn the_template_keeps_every_rule() {
    let wrong: Vec<String> = RULES
        .iter()
        .flat_map(|(rule, check)| check(&TEMPLATE).into_iter().map(move |fault| format!("{rule}: {fault}")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Faults, each as a place in the written or the translated template and what stands there instead.
const FAULTS: [(&str, &str, &str, &str); 51] = [
    (
        "the table is backed up",
        "written",
        "/Resources/Table/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
        "false",
    ),
    ("the table is backed up", "written", "/Resources/Table/Properties/SSESpecification/SSEEnabled", "false"),
    ("the table is backed up", "written", "/Resources/Table/Properties/DeletionProtectionEnabled", "false"),
    ("the table is backed up", "written", "/Conditions/IsProd", r#"{"Fn::Equals": [{"Ref": "Stage"}, "production"]}"#),
    (
        "buckets are private",
        "written",
        "/Resources/RosterBucket/Properties/VersioningConfiguration/Status",
        r#""Suspended""#,
    ),
    (
        "buckets are private",
        "written",
        "/Resources/RosterBucket/Properties/PublicAccessBlockConfiguration/BlockPublicPolicy",
        "false",
    ),
    (
        "buckets are private",
        "written",
        "/Resources/RosterBucket/Properties/CorsConfiguration/CorsRules/0/AllowedOrigins",
        r#"["*"]"#,
    ),
    ("buckets are private", "written", "/Resources/RosterBucket/Properties/LifecycleConfiguration/Rules", "[]"),
    (
        "buckets are reached by TLS",
        "written",
        "/Resources/RosterBucketPolicy/Properties/PolicyDocument/Statement/0/Effect",
        r#""Allow""#,
    ),
    ("logs are kept", "written", "/Resources/PortalLogs/Properties", "{}"),
    ("logs are kept", "translated", "/Resources/PortalFunction/Properties/LoggingConfig/LogGroup", "null"),
    (
        "each function has a role",
        "translated",
        "/Resources/PortalFunction/Properties/Role",
        r#"{"Fn::GetAtt": ["ImportRosterRole", "Arn"]}"#,
    ),
    (
        "rights are listed",
        "translated",
        "/Resources/PortalRole/Properties/Policies/0/PolicyDocument/Statement/0/Action",
        r#""dynamodb:*""#,
    ),
    (
        "rights are listed",
        "translated",
        "/Resources/PortalRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource",
        r#""*""#,
    ),
    (
        "rights are listed",
        "translated",
        "/Resources/SweepRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource",
        r#"["*"]"#,
    ),
    (
        "mails come from one address",
        "written",
        "/Resources/SendEvaluationsRole/Properties/Policies/0/PolicyDocument/Statement/4/Condition",
        "null",
    ),
    (
        "mails come from one address",
        "written",
        "/Resources/PortalRole/Properties/Policies/0/PolicyDocument/Statement/0/Action",
        r#""ses:SendEmail""#,
    ),
    (
        "what becomes of mails",
        "written",
        "/Resources/SendEvaluationsFunction/Properties/Environment/Variables/MAIL_CONFIGURATION_SET",
        "null",
    ),
    (
        "what becomes of mails",
        "written",
        "/Resources/MailConfigurationSetEvents/Properties/EventDestination/MatchingEventTypes",
        r#"["bounce"]"#,
    ),
    ("what becomes of mails", "written", "/Resources/FeedbackRule/Properties/EventPattern/detail", "null"),
    (
        "what becomes of mails",
        "written",
        "/Resources/RecordMailFeedbackRole/Properties/Policies/0/PolicyDocument/Statement/1/Condition",
        "null",
    ),
    ("what becomes of mails", "written", "/Resources/BounceRateAlarm/Properties/Threshold", "0.05"),
    ("what becomes of mails", "written", "/Resources/ComplaintRateAlarm/Properties/AlarmActions", "[]"),
    ("queues wait", "translated", "/Resources/RosterQueue/Properties/VisibilityTimeout", "1799"),
    ("queues wait", "translated", "/Resources/ImportRosterFunctionRosters/Properties/FunctionResponseTypes", "[]"),
    ("what fails ends", "translated", "/Resources/RosterQueue/Properties/RedrivePolicy", "null"),
    ("what fails ends", "written", "/Resources/RosterDlqAlarm/Properties/AlarmActions", "[]"),
    (
        "what fails ends",
        "translated",
        "/Resources/ImportRosterFunctionSweep/Properties/Target/DeadLetterConfig",
        "null",
    ),
    (
        "queues are encrypted",
        "written",
        "/Resources/RosterQueuePolicy/Properties/PolicyDocument/Statement/0/Condition",
        "null",
    ),
    (
        "passwords' hashes",
        "written",
        "/Resources/PortalRole/Properties/Policies/0/PolicyDocument/Statement/1/Condition",
        "null",
    ),
    (
        "evidence is kept",
        "written",
        "/Resources/RosterBucket/Properties/LifecycleConfiguration/Rules/2/Prefix",
        r#""evidence/zoom/""#,
    ),
    (
        "evidence is kept",
        "written",
        "/Resources/PortalRole/Properties/Policies/0/PolicyDocument/Statement/3/Resource",
        r#"{"Fn::Sub": "${RosterBucket.Arn}/*"}"#,
    ),
    (
        "Zoom's webhooks",
        "written",
        "/Resources/ZoomEventsRole/Properties/Policies/0/PolicyDocument/Statement/0/Condition",
        "null",
    ),
    (
        "Zoom's webhooks",
        "written",
        "/Resources/ZoomEventsRole/Properties/Policies/0/PolicyDocument/Statement/2/Action",
        r#"["s3:PutObject", "s3:GetObject"]"#,
    ),
    (
        "what is due of events",
        "written",
        "/Resources/ReconcileAttendanceRole/Properties/Policies/0/PolicyDocument/Statement/0/Condition",
        "null",
    ),
    (
        "what is due of events",
        "written",
        "/Resources/ReconcileAttendanceRole/Properties/Policies/0/PolicyDocument/Statement/5/Resource",
        r#"{"Fn::GetAtt": ["RosterQueue", "Arn"]}"#,
    ),
    (
        "what is due of events",
        "written",
        "/Resources/ReconcileAttendanceRole/Properties/Policies/0/PolicyDocument/Statement/1/Condition",
        "null",
    ),
    (
        "evidence is kept",
        "written",
        "/Resources/ReconcileAttendanceRole/Properties/Policies/0/PolicyDocument/Statement/8/Resource",
        r#"{"Fn::Sub": "${RosterBucket.Arn}/evidence/*"}"#,
    ),
    (
        "who registers",
        "written",
        "/Resources/SignUpRole/Properties/Policies/0/PolicyDocument/Statement/1/Resource",
        r#"{"Fn::GetAtt": ["MailQueue", "Arn"]}"#,
    ),
    (
        "who registers",
        "written",
        "/Resources/PortalRole/Properties/Policies/0/PolicyDocument/Statement/0/Action",
        r#"["dynamodb:GetItem", "dynamodb:PutItem"]"#,
    ),
    ("missing links", "written", "/Resources/LinksAlarm/Properties/MetricName", r#""Errors""#),
    ("missing links", "written", "/Resources/LinksNeedSomebody/Properties/FilterPattern", "null"),
    ("queues wait", "translated", "/Resources/EventQueue/Properties/VisibilityTimeout", "719"),
    ("what fails ends", "written", "/Resources/EventDlqAlarm/Properties/AlarmActions", "[]"),
    ("functions are traced", "written", "/Resources/ZoomEventsErrorsAlarm/Properties/MetricName", r#""Invocations""#),
    ("functions are traced", "written", "/Resources/PortalThrottlesAlarm/Properties/MetricName", r#""Invocations""#),
    (
        "the check by anybody",
        "written",
        "/Resources/VerifyCertificateRole/Properties/Policies/0/PolicyDocument/Statement/0/Action",
        r#"["dynamodb:GetItem", "dynamodb:UpdateItem"]"#,
    ),
    (
        "the check by anybody",
        "written",
        "/Resources/VerifyCertificateRole/Properties/Policies/0/PolicyDocument/Statement/0/Condition",
        "{}",
    ),
    ("the check by anybody", "written", "/Resources/HttpApiStage/Properties/RouteSettings", "{}"),
    (
        "transcripts are made",
        "written",
        "/Resources/VerifyCertificateRole/Properties/Policies/0/PolicyDocument/Statement/6/Resource",
        r#"{"Fn::Sub": "${RosterBucket.Arn}/exports/*"}"#,
    ),
    (
        "transcripts are made",
        "written",
        "/Resources/RenderCertificateRole/Properties/Policies/0/PolicyDocument/Statement/9/Action",
        r#"["dynamodb:GetItem"]"#,
    ),
];

#[test]
fn every_rule_finds_the_faults_that_it_is_for() {
    for (rule, which, pointer, instead) in FAULTS {
        let mut faulty = Template { written: TEMPLATE.written.clone(), translated: TEMPLATE.translated.clone() };
        let part = if which == "written" { &mut faulty.written } else { &mut faulty.translated };
        *part.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} isn't there")) =
            serde_json::from_str(instead).unwrap();
        let (_, check) = RULES.iter().find(|(name, _)| name.starts_with(rule)).unwrap();
        assert!(!check(&faulty).is_empty(), "{rule}: not found: {pointer} = {instead}");
    }
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    let linter = environment("lint", "requirements-lint.txt");
    let answer = Command::new(linter.program("cfn-lint")).arg(files::template()).output().unwrap();
    assert!(
        answer.status.success(),
        "{}{}",
        String::from_utf8_lossy(&answer.stdout),
        String::from_utf8_lossy(&answer.stderr)
    );
}

#[test]
fn sam_deploys_no_local_stage() {
    let settings = std::fs::read_to_string(files::root().join("infra/samconfig.toml")).unwrap();
    assert!(settings.contains("Stage=dev") && settings.contains("Stage=prod"));
    assert!(!settings.contains("Stage=local"));
}
