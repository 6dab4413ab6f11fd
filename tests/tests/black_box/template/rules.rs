//! The rules: each a function from the template to what is wrong with it.

use super::Template;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) type Rule = fn(&Template) -> Vec<String>;

pub(crate) const RULES: [(&str, Rule); 20] = [
    ("the table is backed up, encrypted and kept", table_is_protected),
    ("buckets are private, encrypted and versioned", buckets_are_protected),
    ("buckets are reached by TLS only", buckets_want_tls),
    ("logs are kept for a time that is set", logs_are_kept),
    ("each function has a role of its own", roles_are_apart),
    ("rights are listed", rights_are_listed),
    ("mails come from one address", mails_come_from_one_address),
    ("what becomes of mails is told, noted and watched", feedback_is_noted),
    ("queues wait six times as long as their function may run", queues_wait),
    ("what fails ends in a queue that is watched", failures_are_watched),
    ("queues are encrypted and closed", queues_are_closed),
    ("passwords' hashes are the sign-up's alone", hashes_are_apart),
    ("evidence is kept for good and each kind written by one function", evidence_is_kept),
    ("Zoom's webhooks reach what they need", webhooks_are_narrow),
    ("what is due of events reaches what it needs", due_is_narrow),
    ("the check by anybody reads certificates alone, and not too often", check_is_narrow),
    ("transcripts are made, checked and removed by whom it is due", transcripts_agree),
    ("who registers and who closes an account may do all of it", accounts_and_seats_agree),
    ("missing links are somebody's matter at once", links_are_watched),
    ("functions are traced and throttles are watched", functions_are_watched),
];

fn resources<'a>(template: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let all = template["Resources"].as_object().into_iter().flatten();
    all.filter(move |(_, resource)| resource["Type"] == kind).map(|(name, resource)| (name.as_str(), resource))
}

/// The name behind `Ref` or `GetAtt`.
fn named(value: &Value) -> Option<&str> {
    value["Ref"].as_str().or_else(|| match &value["Fn::GetAtt"] {
        Value::Array(parts) => parts.first()?.as_str(),
        text => text.as_str()?.split('.').next(),
    })
}

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// A complaint for each expectation that a resource doesn't meet.
fn expect(name: &str, resource: &Value, expectations: &[(&str, Value)]) -> Vec<String> {
    let unmet = expectations.iter().filter(|(pointer, wanted)| resource.pointer(pointer) != Some(wanted));
    unmet.map(|(pointer, wanted)| format!("{name}{pointer} isn't {wanted}")).collect()
}

fn table_is_protected(template: &Template) -> Vec<String> {
    let wanted = [
        ("/DeletionPolicy", json!("RetainExceptOnCreate")),
        ("/UpdateReplacePolicy", json!("Retain")),
        ("/Properties/BillingMode", json!("PAY_PER_REQUEST")),
        ("/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled", json!(true)),
        ("/Properties/SSESpecification/SSEEnabled", json!(true)),
        ("/Properties/TimeToLiveSpecification", json!({"AttributeName": "expires_at", "Enabled": true})),
        ("/Properties/DeletionProtectionEnabled", json!({"Fn::If": ["IsProd", true, false]})),
    ];
    let mut wrong: Vec<String> = resources(&template.written, "AWS::DynamoDB::Table")
        .flat_map(|(name, table)| expect(name, table, &wanted))
        .collect();
    let prod = json!({"Fn::Equals": [{"Ref": "Stage"}, "prod"]});
    wrong.extend(expect("Conditions", &template.written["Conditions"], &[("/IsProd", prod)]));
    wrong
}

fn buckets_are_protected(template: &Template) -> Vec<String> {
    let wanted = [
        ("/DeletionPolicy", json!("RetainExceptOnCreate")),
        ("/UpdateReplacePolicy", json!("Retain")),
        ("/Properties/VersioningConfiguration/Status", json!("Enabled")),
        ("/Properties/PublicAccessBlockConfiguration/BlockPublicAcls", json!(true)),
        ("/Properties/PublicAccessBlockConfiguration/BlockPublicPolicy", json!(true)),
        ("/Properties/PublicAccessBlockConfiguration/IgnorePublicAcls", json!(true)),
        ("/Properties/PublicAccessBlockConfiguration/RestrictPublicBuckets", json!(true)),
        ("/Properties/OwnershipControls/Rules/0/ObjectOwnership", json!("BucketOwnerEnforced")),
        (
            "/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm",
            json!("AES256"),
        ),
    ];
    let mut wrong = Vec::new();
    for (name, bucket) in resources(&template.written, "AWS::S3::Bucket") {
        wrong.extend(expect(name, bucket, &wanted));
        let rules = list(&bucket["Properties"]["LifecycleConfiguration"]["Rules"]);
        let unfinished =
            |rule: &&Value| rule.get("AbortIncompleteMultipartUpload").is_some() && rule.get("Prefix").is_none();
        if !rules.iter().any(unfinished) {
            wrong.push(format!("{name}: unfinished uploads are kept for ever"));
        }
        if name == "CertificateBucket" {
            wrong.extend(certificates_are_locked(name, bucket, &rules));
            continue;
        }
        // The rosters themselves are evidence, also when another was dropped under the same name; the rest can be made again.
        for (prefix, days) in [("uploads/", 400), ("drop/", 400), ("imports/", 30), ("parts/", 1)] {
            let kept = |rule: &Value| rule["NoncurrentVersionExpiration"]["NoncurrentDays"].as_i64();
            let of_prefix = rules.iter().filter(|rule| rule["Prefix"] == prefix || rule.get("Prefix").is_none());
            if of_prefix.filter_map(|rule| kept(rule)).min() != Some(days) {
                wrong.push(format!("{name}: old versions under {prefix} aren't kept for {days} days"));
            }
        }
        if rules.iter().any(|rule| rule["Prefix"] == "imports/" && rule.get("ExpirationInDays").is_some()) {
            wrong.push(format!("{name}: outcomes expire before their credits"));
        }
        if bucket["Properties"]["CorsConfiguration"].to_string().contains(r#""AllowedOrigins":["*"]"#) {
            wrong.push(format!("{name}: any origin may use it"));
        }
    }
    wrong
}

/// Certificates outlast whoever could delete them: for the years of the organisation's choice, and nothing expires by itself.
fn certificates_are_locked(name: &str, bucket: &Value, rules: &[&Value]) -> Vec<String> {
    let years = json!({"Mode": "GOVERNANCE", "Years": {"Ref": "CertificateYears"}});
    let mut wrong = expect(
        name,
        bucket,
        &[
            ("/Properties/ObjectLockEnabled", json!(true)),
            ("/Properties/ObjectLockConfiguration/ObjectLockEnabled", json!("Enabled")),
            ("/Properties/ObjectLockConfiguration/Rule/DefaultRetention", years),
        ],
    );
    let ends = ["ExpirationInDays", "ExpirationDate", "NoncurrentVersionExpiration"];
    if rules.iter().any(|rule| ends.iter().any(|end| rule.get(end).is_some())) {
        wrong.push(format!("{name}: certificates expire"));
    }
    wrong
}

fn buckets_want_tls(template: &Template) -> Vec<String> {
    let closed: BTreeSet<&str> = resources(&template.written, "AWS::S3::BucketPolicy")
        .filter(|(_, policy)| {
            list(&policy["Properties"]["PolicyDocument"]["Statement"]).iter().any(|statement| {
                statement["Effect"] == "Deny"
                    && statement["Action"] == "s3:*"
                    && statement["Principal"] == "*"
                    && statement["Condition"] == json!({"Bool": {"aws:SecureTransport": "false"}})
                    && list(&statement["Resource"]).len() == 2
            })
        })
        .filter_map(|(_, policy)| named(&policy["Properties"]["Bucket"]))
        .collect();
    let buckets = resources(&template.written, "AWS::S3::Bucket");
    buckets.filter(|(name, _)| !closed.contains(name)).map(|(name, _)| format!("{name} takes plain HTTP")).collect()
}

fn functions(template: &Template) -> impl Iterator<Item = (&str, &Value)> {
    resources(&template.translated, "AWS::Lambda::Function").map(|(name, function)| (name, &function["Properties"]))
}

fn logs_are_kept(template: &Template) -> Vec<String> {
    let groups: BTreeMap<&str, &Value> = resources(&template.written, "AWS::Logs::LogGroup").collect();
    let mut wrong: Vec<String> = groups
        .iter()
        .flat_map(|(name, group)| {
            expect(name, group, &[("/Properties/RetentionInDays", json!({"Ref": "LogRetentionDays"}))])
        })
        .collect();
    let mut taken = BTreeSet::new();
    for (name, function) in functions(template) {
        let group = named(&function["LoggingConfig"]["LogGroup"]);
        if !group.is_some_and(|group| groups.contains_key(group) && taken.insert(group)) {
            wrong.push(format!("{name} has no log group of its own in the template"));
        }
        if function["LoggingConfig"]["LogFormat"] != "JSON" {
            wrong.push(format!("{name} doesn't log JSON"));
        }
    }
    wrong
}

fn roles_are_apart(template: &Template) -> Vec<String> {
    let written: BTreeSet<&str> = resources(&template.written, "AWS::IAM::Role").map(|(name, _)| name).collect();
    let mut wrong: Vec<String> = resources(&template.translated, "AWS::IAM::Role")
        .filter(|(name, _)| !written.contains(name))
        .map(|(name, _)| format!("{name} is SAM's own role, with rights that nobody listed"))
        .collect();
    let mut taken = BTreeSet::new();
    for (name, function) in functions(template) {
        if !named(&function["Role"]).is_some_and(|role| taken.insert(role)) {
            wrong.push(format!("{name} shares its role or has none"));
        }
    }
    wrong
}

/// AWS knows no resources for these.
const WITHOUT_RESOURCES: [&str; 4] =
    ["ses:GetAccount", "ses:DeleteSuppressedDestination", "xray:PutTraceSegments", "xray:PutTelemetryRecords"];

fn rights_are_listed(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, role) in resources(&template.translated, "AWS::IAM::Role") {
        if !list(&role["Properties"]["ManagedPolicyArns"]).is_empty() {
            wrong.push(format!("{name} has a managed policy"));
        }
        for statement in list(&role["Properties"]["Policies"])
            .into_iter()
            .flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]))
            .filter(|statement| statement["Effect"] == "Allow")
        {
            let actions: Vec<&str> = list(&statement["Action"]).into_iter().filter_map(Value::as_str).collect();
            if actions.is_empty() || actions.iter().any(|action| action.contains('*')) {
                wrong.push(format!("{name} has the action {actions:?}"));
            }
            let everywhere = list(&statement["Resource"]).contains(&&json!("*"));
            if everywhere && !actions.iter().all(|action| WITHOUT_RESOURCES.contains(action)) {
                wrong.push(format!("{name} may {actions:?} everywhere"));
            }
        }
    }
    wrong
}

fn mails_come_from_one_address(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let only_ours = json!({"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}});
    let mut senders = Vec::new();
    for (name, role) in resources(&template.written, "AWS::IAM::Role") {
        let policies = list(&role["Properties"]["Policies"]);
        for statement in policies.into_iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])) {
            let sends = |action: &&Value| action.as_str().is_some_and(|action| action.starts_with("ses:Send"));
            if list(&statement["Action"]).iter().any(sends) {
                senders.push(name);
                if statement["Condition"] != only_ours {
                    wrong.push(format!("{name} may write mails in anybody's name"));
                }
            }
        }
    }
    if senders != ["SendEvaluationsRole"] {
        wrong.push(format!("mails go out by {senders:?}"));
    }
    wrong
}

/// From the sending by the configuration set to the function that notes its words, and to somebody before SES stops the sending.
fn feedback_is_noted(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let set = json!({"Ref": "MailConfigurationSet"});
    let all = &template.written["Resources"];
    let told = [
        ("SendEvaluationsFunction", "/Properties/Environment/Variables/MAIL_CONFIGURATION_SET", set.clone()),
        ("MailConfigurationSetEvents", "/Properties/ConfigurationSetName", set.clone()),
        ("MailConfigurationSetEvents", "/Properties/EventDestination/Enabled", json!(true)),
        (
            "MailConfigurationSetEvents",
            "/Properties/EventDestination/MatchingEventTypes",
            json!(["bounce", "complaint"]),
        ),
        ("FeedbackRule", "/Properties/EventPattern/source", json!(["aws.ses"])),
        ("FeedbackRule", "/Properties/EventPattern/detail-type", json!(["Email Bounced", "Email Complaint Received"])),
        ("FeedbackRule", "/Properties/EventPattern/detail/mail/tags/ses:configuration-set", json!([set])),
        ("FeedbackRule", "/Properties/Targets/0/Arn", json!({"Fn::GetAtt": ["FeedbackQueue", "Arn"]})),
    ];
    for (name, place, value) in told {
        wrong.extend(expect(name, &all[name], &[(place, value)]));
    }
    let keys = |keys: &[&str]| json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}});
    let queue = json!({"Fn::GetAtt": ["FeedbackQueue", "Arn"]});
    for statement in allowed(template, "RecordMailFeedbackRole") {
        for action in list(&statement["Action"]).into_iter().filter_map(Value::as_str) {
            let fits = match action {
                "dynamodb:GetItem" => statement["Condition"] == keys(&["SUPPRESSED#*"]),
                "dynamodb:UpdateItem" => statement["Condition"] == keys(&["SUPPRESSED#*", "ACCOUNT#*", "MAIL#*"]),
                "dynamodb:BatchGetItem" => statement["Condition"] == keys(&["EMAIL#*", "ACCOUNT#*"]),
                other if other.starts_with("sqs:") => other != "sqs:SendMessage" && statement["Resource"] == queue,
                other => other.starts_with("logs:") || other.starts_with("xray:"),
            };
            if !fits {
                wrong.push(format!("RecordMailFeedbackRole may {action} beyond its need"));
            }
        }
    }
    // Half of what SES reviews an account for.
    for (metric, most) in [("Reputation.BounceRate", 0.025), ("Reputation.ComplaintRate", 0.0005)] {
        let is_watched = resources(&template.written, "AWS::CloudWatch::Alarm").any(|(_, alarm)| {
            let facts = &alarm["Properties"];
            facts["Namespace"] == "AWS/SES"
                && facts["MetricName"] == metric
                && facts["Threshold"].as_f64().is_some_and(|threshold| threshold <= most)
                && facts["AlarmActions"] == json!([{"Ref": "AlarmTopic"}])
        });
        if !is_watched {
            wrong.push(format!("nobody is told of {metric}"));
        }
    }
    wrong
}

fn queues_wait(template: &Template) -> Vec<String> {
    let queues: BTreeMap<&str, &Value> = resources(&template.translated, "AWS::SQS::Queue").collect();
    let timeouts: BTreeMap<&str, u64> =
        functions(template).filter_map(|(name, function)| Some((name, function["Timeout"].as_u64()?))).collect();
    let mut wrong = Vec::new();
    for (name, source) in resources(&template.translated, "AWS::Lambda::EventSourceMapping") {
        let properties = &source["Properties"];
        let queue = named(&properties["EventSourceArn"]).and_then(|name| queues.get(name));
        let waits = queue.and_then(|queue| queue["Properties"]["VisibilityTimeout"].as_u64()).unwrap_or(30);
        let runs = named(&properties["FunctionName"]).and_then(|name| timeouts.get(name)).copied().unwrap_or(u64::MAX);
        if waits < runs.saturating_mul(6) {
            wrong.push(format!("{name}: its queue waits {waits} s, its function may run {runs} s"));
        }
        if properties["FunctionResponseTypes"] != json!(["ReportBatchItemFailures"]) {
            wrong.push(format!("{name} repeats whole batches"));
        }
    }
    wrong
}

fn failures_are_watched(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut dead_letters = BTreeSet::new();
    let mut plain = BTreeSet::new();
    for (name, queue) in resources(&template.translated, "AWS::SQS::Queue") {
        let policy = &queue["Properties"]["RedrivePolicy"];
        match named(&policy["deadLetterTargetArn"]) {
            Some(target) => {
                dead_letters.insert(target);
                if policy["maxReceiveCount"].as_u64().is_none_or(|tries| tries < 5) {
                    wrong.push(format!("{name} gives up after less than five tries"));
                }
            }
            None => _ = plain.insert(name),
        }
    }
    for (name, schedule) in resources(&template.translated, "AWS::Scheduler::Schedule") {
        match named(&schedule["Properties"]["Target"]["DeadLetterConfig"]["Arn"]) {
            Some(target) => _ = dead_letters.insert(target),
            None => wrong.push(format!("{name} loses what it can't start")),
        }
    }
    wrong.extend(plain.difference(&dead_letters).map(|name| format!("{name} has no dead-letter queue")));
    let watched: BTreeSet<&str> = alarms(template, "ApproximateNumberOfMessagesVisible", "QueueName").collect();
    wrong.extend(dead_letters.difference(&watched).map(|name| format!("nobody is told when something is in {name}")));
    wrong
}

/// What alarms that tell somebody watch by this metric.
fn alarms<'a>(template: &'a Template, metric: &'a str, dimension: &'a str) -> impl Iterator<Item = &'a str> {
    resources(&template.written, "AWS::CloudWatch::Alarm")
        .map(|(_, alarm)| &alarm["Properties"])
        .filter(move |alarm| {
            alarm["MetricName"] == metric
                && alarm["Threshold"] == 0
                && alarm["ComparisonOperator"] == "GreaterThanThreshold"
                && alarm["AlarmActions"] == json!([{"Ref": "AlarmTopic"}])
        })
        .flat_map(|alarm| list(&alarm["Dimensions"]))
        .filter(move |one| one["Name"] == dimension)
        .filter_map(|one| named(&one["Value"]))
}

fn queues_are_closed(template: &Template) -> Vec<String> {
    let mut wrong: Vec<String> = resources(&template.written, "AWS::SQS::Queue")
        .flat_map(|(name, queue)| expect(name, queue, &[("/Properties/SqsManagedSseEnabled", json!(true))]))
        .collect();
    for (name, policy) in resources(&template.written, "AWS::SQS::QueuePolicy") {
        for statement in list(&policy["Properties"]["PolicyDocument"]["Statement"]) {
            if statement["Principal"]["Service"].is_null()
                || statement["Condition"]["ArnEquals"]["aws:SourceArn"].is_null()
            {
                wrong.push(format!("{name} lets in more than one rule of ours"));
            }
        }
    }
    wrong
}

/// Every other role that may read the table is kept from the partitions of passwords.
fn hashes_are_apart(template: &Template) -> Vec<String> {
    let kept = json!({"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["PASSWORD#*"]}});
    let mut wrong = Vec::new();
    for (name, role) in resources(&template.written, "AWS::IAM::Role") {
        let policies = list(&role["Properties"]["Policies"]).into_iter();
        let statements: Vec<&Value> =
            policies.flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])).collect();
        let of_table = |statement: &&&Value| {
            list(&statement["Action"]).iter().any(|a| a.as_str().is_some_and(|a| a.starts_with("dynamodb:")))
        };
        let is_kept = |statement: &&Value| {
            statement["Effect"] == "Deny" && statement["Action"] == "dynamodb:*" && statement["Condition"] == kept
        };
        if name != "SignUpRole" && statements.iter().any(|s| of_table(&s)) && !statements.iter().any(is_kept) {
            wrong.push(format!("{name} may read passwords' hashes"));
        }
    }
    wrong
}

/// The statements of a role that allow something.
fn allowed<'a>(template: &'a Template, role: &str) -> Vec<&'a Value> {
    let policies = list(&template.written["Resources"][role]["Properties"]["Policies"]).into_iter();
    let statements = policies.flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]));
    statements.filter(|statement| statement["Effect"] == "Allow").collect()
}

fn evidence_is_kept(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, bucket) in resources(&template.written, "AWS::S3::Bucket") {
        for rule in list(&bucket["Properties"]["LifecycleConfiguration"]["Rules"]) {
            let reaches = rule["Prefix"]
                .as_str()
                .is_none_or(|prefix| prefix.starts_with("evidence/") || "evidence/".starts_with(prefix));
            let ends = ["ExpirationInDays", "ExpirationDate", "NoncurrentVersionExpiration"];
            if reaches && ends.iter().any(|end| rule.get(end).is_some()) {
                wrong.push(format!("{name}: evidence ends by the rule {}", rule["Id"]));
            }
        }
    }
    for (role, _) in resources(&template.written, "AWS::IAM::Role") {
        let own = match role {
            "ZoomEventsRole" => vec![evidence_of("zoom")],
            "ReconcileAttendanceRole" => vec![evidence_of("attendance")],
            "PortalRole" => vec![evidence_of("uploads"), evidence_of("appeals")],
            _ => Vec::new(),
        };
        let others = |statement: &&Value| !list(&statement["Resource"]).iter().all(|resource| own.contains(resource));
        for statement in allowed(template, role).into_iter().filter(others) {
            let writes = list(&statement["Action"]).iter().any(|action| {
                action.as_str().is_some_and(|action| action.starts_with("s3:Put") || action.starts_with("s3:Delete"))
            });
            let everywhere = |resource: &&Value| {
                let text = resource.to_string();
                text.contains("/evidence/") || text.contains("${RosterBucket.Arn}/*")
            };
            if writes && list(&statement["Resource"]).iter().any(everywhere) {
                wrong.push(format!("{role} may write evidence"));
            }
        }
    }
    wrong
}

/// The objects of one kind of evidence.
fn evidence_of(kind: &str) -> Value {
    json!({"Fn::Sub": format!("${{RosterBucket.Arn}}/evidence/{kind}/*")})
}

fn webhooks_are_narrow(template: &Template) -> Vec<String> {
    let mut wrong = expect(
        "ZoomEventsRoute",
        &template.written["Resources"]["ZoomEventsRoute"],
        &[("/Properties/RouteKey", json!("POST /zoom/events"))],
    );
    let only_meetings = json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["ZOOM#*"]}});
    for statement in allowed(template, "ZoomEventsRole") {
        for action in list(&statement["Action"]).into_iter().filter_map(Value::as_str) {
            let fits = match action {
                "dynamodb:Query" | "dynamodb:PutItem" => statement["Condition"] == only_meetings,
                "s3:PutObject" => statement["Resource"] == evidence_of("zoom"),
                "secretsmanager:GetSecretValue" => statement["Resource"] == json!({"Fn::GetAtt": ["ZoomSecret", "Id"]}),
                other => other.starts_with("logs:") || other.starts_with("xray:"),
            };
            if !fits {
                wrong.push(format!("ZoomEventsRole may {action} beyond its need"));
            }
        }
    }
    wrong
}

fn check_is_narrow(template: &Template) -> Vec<String> {
    let stage = &template.written["Resources"]["HttpApiStage"];
    let limits = |route: &str| stage["Properties"]["RouteSettings"][route].clone();
    let usual = stage["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"].as_u64();
    // All who check share a route's bucket: a narrow one would be one script's to empty, and none at all would be the pages'.
    let is_wide = |route: &&str| limits(route)["ThrottlingRateLimit"].as_u64() > usual.map(|usual| usual * 5);
    let mut wrong: Vec<String> = ["ANY /verify", "ANY /verify/{proxy+}"]
        .iter()
        .filter(|route| !is_wide(route))
        .map(|route| format!("{route} is shut for everybody by one who asks fast"))
        .collect();
    let ours = json!({"ForAllValues:StringLike": {
        "dynamodb:LeadingKeys": ["CERTIFICATE#*", "CERTIFICATE-KEYS", "ORGANISATION"],
    }});
    let files = json!({"Fn::Sub": "${CertificateBucket.Arn}/certificates/*"});
    for statement in allowed(template, "VerifyCertificateRole") {
        for action in list(&statement["Action"]).into_iter().filter_map(Value::as_str) {
            let fits = match action {
                // Of transcripts what one says, by its number.
                "dynamodb:GetItem" => [&ours, &of_transcripts(&["TRANSCRIPT#*"])].contains(&&statement["Condition"]),
                "dynamodb:BatchGetItem" | "dynamodb:Query" => statement["Condition"] == ours,
                "s3:GetObject" => [&files, &transcripts_of("*.json")].contains(&&statement["Resource"]),
                other => other.starts_with("logs:") || other.starts_with("xray:"),
            };
            if !fits {
                wrong.push(format!("VerifyCertificateRole may {action} beyond its need"));
            }
        }
    }
    wrong
}

fn due_is_narrow(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let keys = |keys: &[&str]| json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}});
    let ours =
        keys(&["EVENT#*", "MAIL#*", "ORGANISATION", "DUE#EVENT", "PERSON#*", "EXPECTED#*", "DUE#LEAVING", "LEAVING#*"]);
    let cycles = keys(&["DUE#CYCLES", "DUE#TRANSCRIPTS", "WALLET#*", "ACCOUNT#*", "LICENCE#*", "REQUIREMENTS#*"]);
    let queue = |name: &str| json!({"Fn::GetAtt": [name, "Arn"]});
    for statement in allowed(template, "ReconcileAttendanceRole") {
        for action in list(&statement["Action"]).into_iter().filter_map(Value::as_str) {
            let fits = match action {
                "dynamodb:Query" => {
                    let others = keys(&["ZOOM#*", "PROVIDER#*#USERS", "WALLET#*"]);
                    [&ours, &others, &cycles].contains(&&statement["Condition"])
                }
                // What a provider asks in evaluations is frozen when the first person is invited.
                "dynamodb:GetItem" => [&ours, &keys(&["PROVIDER#*"]), &cycles].contains(&&statement["Condition"]),
                "dynamodb:PutItem" => statement["Condition"] == ours,
                "dynamodb:UpdateItem" => [&ours, &keys(&["WALLET#*"])].contains(&&statement["Condition"]),
                "dynamodb:ConditionCheckItem" => statement["Condition"] == keys(&["ACCOUNT#*"]),
                "s3:PutObject" => statement["Resource"] == evidence_of("attendance"),
                "s3:GetObject" => [evidence_of("attendance"), evidence_of("uploads")].contains(&statement["Resource"]),
                "dynamodb:DeleteItem" => {
                    let own = keys(&["EVENT#*", "LEAVING#*", "WALLET#*"]);
                    [own, keys(&["TRANSCRIPT#*", "WALLET#*"])].contains(&statement["Condition"])
                }
                // Files that came with certificates from elsewhere, and transcripts.
                "s3:DeleteObject" => {
                    let outside = json!({"Fn::Sub": "${RosterBucket.Arn}/outside/*"});
                    [outside, transcripts_of("*")].contains(&statement["Resource"])
                }
                "s3:ListBucket" => {
                    statement["Condition"] == json!({"StringLike": {"s3:prefix": ["outside/*", "transcripts/*"]}})
                }
                "dynamodb:BatchGetItem" => statement["Condition"] == keys(&["EVENT#*", "ACCOUNT#*", "PROVIDERS"]),
                "sqs:SendMessage" => {
                    let ours = [queue("EventQueue"), queue("MailQueue"), queue("CertificateQueue")];
                    list(&statement["Resource"]).into_iter().all(|it| ours.contains(it))
                }
                "secretsmanager:GetSecretValue" => statement["Resource"] == json!({"Fn::GetAtt": ["ZoomSecret", "Id"]}),
                other if other.starts_with("sqs:") => statement["Resource"] == queue("EventQueue"),
                other => other.starts_with("logs:") || other.starts_with("xray:"),
            };
            if !fits {
                wrong.push(format!("ReconcileAttendanceRole may {action} beyond its need"));
            }
        }
    }
    wrong
}

/// The condition that these keys alone are reached.
fn of_transcripts(keys: &[&str]) -> Value {
    json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}})
}

/// Transcripts' files.
fn transcripts_of(which: &str) -> Value {
    json!({"Fn::Sub": format!("${{RosterBucket.Arn}}/transcripts/{which}")})
}

/// Each step of a transcript is another function's, and what one can't do shows only in AWS: who makes it, who hands it out, who lets
/// everybody check it, and who removes it with an account.
fn transcripts_agree(template: &Template) -> Vec<String> {
    let may = |role: &str, action: &str, what: &Value| {
        allowed(template, role).into_iter().any(|statement| {
            let is_all = |part: &str| list(&statement[part]).into_iter().any(|it| it == what);
            let reaches = is_all("Resource") || statement["Condition"] == *what;
            reaches && list(&statement["Action"]).iter().any(|it| **it == action)
        })
    };
    let entries = of_transcripts(&["WALLET#*", "TRANSCRIPT#*"]);
    let removed = of_transcripts(&["TRANSCRIPT#*", "WALLET#*"]);
    let (files, frozen) = (transcripts_of("*"), transcripts_of("*.json"));
    let needs = [
        ("RenderCertificateRole", "dynamodb:GetItem", &entries),
        ("RenderCertificateRole", "dynamodb:PutItem", &entries),
        ("RenderCertificateRole", "dynamodb:UpdateItem", &entries),
        ("RenderCertificateRole", "s3:GetObject", &files),
        ("RenderCertificateRole", "s3:PutObject", &files),
        ("RenderCertificateRole", "s3:DeleteObject", &files),
        ("PortalRole", "s3:PutObject", &files),
        ("PortalRole", "s3:GetObject", &files),
        ("PortalRole", "s3:DeleteObject", &files),
        ("VerifyCertificateRole", "dynamodb:GetItem", &of_transcripts(&["TRANSCRIPT#*"])),
        ("VerifyCertificateRole", "s3:GetObject", &frozen),
        ("ReconcileAttendanceRole", "dynamodb:DeleteItem", &removed),
        ("ReconcileAttendanceRole", "s3:DeleteObject", &files),
    ];
    let lacking = needs.iter().filter(|(role, action, what)| !may(role, action, what));
    lacking.map(|(role, action, what)| format!("{role} may not {action} at {what}")).collect()
}

/// DynamoDB asks for a right of its own for the conditions in a transaction, and seats that get free are nudged.
fn accounts_and_seats_agree(template: &Template) -> Vec<String> {
    let may = |role: &str, action: &str, resource: &str| {
        allowed(template, role).into_iter().any(|statement| {
            let resources = list(&statement["Resource"]);
            list(&statement["Action"]).iter().any(|it| **it == action)
                && resources.iter().any(|it| named(it) == Some(resource))
        })
    };
    let needs = ["PortalRole", "SignUpRole"]
        .into_iter()
        .flat_map(|role| [(role, "dynamodb:ConditionCheckItem", "Table"), (role, "sqs:SendMessage", "EventQueue")])
        // A credit is withdrawn or brought back on the word of the person's part, which is looked at in the same transaction.
        .chain([("RenderCertificateRole", "dynamodb:ConditionCheckItem", "Table")]);
    let lacking = needs.filter(|(role, action, resource)| !may(role, action, resource));
    lacking.map(|(role, action, resource)| format!("{role} may not {action} at {resource}")).collect()
}

fn links_are_watched(template: &Template) -> Vec<String> {
    let line = "due.links_need_somebody";
    let source = include_str!("../../../../functions/reconcile-attendance/src/links.rs");
    let pattern = format!("{{ $.fields.message = \"{line}*\" }}");
    let counted: Vec<(&Value, &Value)> = resources(&template.written, "AWS::Logs::MetricFilter")
        .map(|(_, filter)| &filter["Properties"])
        .filter(|facts| named(&facts["LogGroupName"]) == Some("ReconcileAttendanceLogs"))
        .filter(|facts| facts["FilterPattern"] == pattern.as_str())
        .map(|facts| &facts["MetricTransformations"][0])
        .map(|metric| (&metric["MetricNamespace"], &metric["MetricName"]))
        .collect();
    let is_watched = resources(&template.written, "AWS::CloudWatch::Alarm").any(|(_, alarm)| {
        let facts = &alarm["Properties"];
        counted.contains(&(&facts["Namespace"], &facts["MetricName"])) && !list(&facts["AlarmActions"]).is_empty()
    });
    let is_logged = source.contains(&format!("tracing::error!(event = %event.id, code, \"{line}:"));
    if is_watched && is_logged { Vec::new() } else { vec![format!("nobody is told of {line}")] }
}

fn functions_are_watched(template: &Template) -> Vec<String> {
    let throttles: BTreeSet<&str> = alarms(template, "Throttles", "FunctionName").collect();
    let mut wrong = Vec::new();
    for (name, function) in functions(template) {
        if function["TracingConfig"]["Mode"] != "Active" {
            wrong.push(format!("{name} isn't traced"));
        }
        if !throttles.contains(name) {
            wrong.push(format!("nobody is told when {name} is throttled"));
        }
    }
    let errors: BTreeSet<&str> = alarms(template, "Errors", "FunctionName").collect();
    // What answers people is watched by what they see.
    let unseen = [
        "ImportRosterFunction",
        "SendEvaluationsFunction",
        "ZoomEventsFunction",
        "ReconcileAttendanceFunction",
        "RecordMailFeedbackFunction",
    ];
    wrong.extend(
        unseen.iter().filter(|name| !errors.contains(*name)).map(|name| format!("nobody is told when {name} fails")),
    );
    if !alarms(template, "5xx", "ApiId").any(|name| name == "HttpApi") {
        wrong.push("nobody is told when pages fail".to_owned());
    }
    wrong
}
