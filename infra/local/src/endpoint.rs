//! An endpoint that is there already: whether it may be used, and what it can't do.

use crate::{StartError, http};
use std::{collections::BTreeMap, net::IpAddr};

/// Nothing works without these.
const NEEDED: [&str; 7] = ["cloudformation", "dynamodb", "events", "lambda", "s3", "secretsmanager", "sqs"];

/// What an endpoint may lack: the service, the template's types that go with it, and what is then missing.
const SPARED: [(&str, &str, &str); 3] = [
    (
        "scheduler",
        "AWS::Scheduler::",
        "it has no EventBridge Scheduler: halted imports aren't swept up every five minutes",
    ),
    ("monitoring", "AWS::CloudWatch::", "it has no CloudWatch alarms"),
    ("sns", "AWS::SNS::", "it has no SNS: alarms tell nobody"),
];

/// What was found behind an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// It is the local cloud that we start ourselves elsewhere: its functions have to be told where it is.
    pub ministack: bool,
    /// Whether it serves HTTP APIs, and with them the pages.
    pub pages: bool,
    /// The types that it can't deploy, by their beginnings.
    pub without: Vec<&'static str>,
    /// What is skipped, a sentence each.
    pub skipped: Vec<&'static str>,
}

#[derive(serde::Deserialize)]
struct Health {
    services: BTreeMap<String, String>,
}

/// Refuses an endpoint that others could reach, since the stage `local` has demo accounts whose password everybody knows.
pub fn check_local(endpoint: &str) -> Result<String, StartError> {
    let endpoint = endpoint.trim_end_matches('/').to_owned();
    let uri = endpoint.parse::<::http::Uri>().ok().filter(|uri| uri.scheme_str() == Some("http"));
    let Some(host) = uri.as_ref().and_then(::http::Uri::host) else {
        // Only AWS itself is reached by TLS alone.
        return Err(if endpoint.starts_with("https://") {
            StartError::NotLocal { endpoint }
        } else {
            StartError::BadEndpoint { endpoint }
        });
    };
    if is_local(host) { Ok(endpoint) } else { Err(StartError::NotLocal { endpoint }) }
}

fn is_local(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        // A name without a dot is a container's or this machine's.
        Err(_) => !host.contains('.') || host.ends_with(".localhost") || host.ends_with(".localstack.cloud"),
    }
}

/// Whether its functions, if they are plain processes, see this machine as we do.
fn is_loopback(endpoint: &str) -> bool {
    let uri = endpoint.parse::<::http::Uri>().ok();
    let host = uri.as_ref().and_then(::http::Uri::host).unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Asks an endpoint what it can do.
pub fn probe(endpoint: &str, client: &http::Client) -> Result<Found, StartError> {
    let ministack = client.get(&format!("{endpoint}/_ministack/health")).is_some();
    let health = client.get(&format!("{endpoint}/_localstack/health"));
    let health = health.and_then(|body| serde_json::from_slice::<Health>(&body).ok());
    let Some(health) = health else {
        return Err(StartError::NotAnswering { endpoint: endpoint.to_owned(), waited_seconds: 5 });
    };
    judge(endpoint, ministack, &health)
}

fn judge(endpoint: &str, ministack: bool, health: &Health) -> Result<Found, StartError> {
    let has = |service: &str| health.services.get(service).is_some_and(|state| state != "disabled" && state != "error");
    if let Some(service) = NEEDED.into_iter().find(|service| !has(service)) {
        return Err(StartError::ServiceMissing { endpoint: endpoint.to_owned(), service });
    }
    let mut found = Found { ministack, ..Found::default() };
    // LocalStack names HTTP APIs apart from REST APIs, ministack doesn't.
    found.pages = has("apigatewayv2") || (ministack && has("apigateway"));
    if !found.pages {
        found.without.push("AWS::ApiGatewayV2::");
        found.skipped.push("it has no HTTP API v2: the pages aren't served, files can be dropped into the bucket");
    }
    if !(ministack && is_loopback(endpoint)) {
        found.skipped.push("its functions aren't on this machine, or in containers: they don't reach the mailbox, and mails aren't sent");
    }
    for (service, types, sentence) in SPARED {
        if !(has(service) || (service == "monitoring" && has("cloudwatch"))) {
            found.without.push(types);
            found.skipped.push(sentence);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(services: &[&str]) -> Health {
        Health { services: services.iter().map(|name| ((*name).to_owned(), "available".to_owned())).collect() }
    }

    #[test]
    fn only_an_endpoint_that_others_cannot_reach_is_used() {
        for fine in [
            "http://127.0.0.1:4566",
            "http://localhost:4566/",
            "http://[::1]:1",
            "http://192.168.1.5:4566",
            "http://localstack:4566",
        ] {
            assert!(check_local(fine).is_ok(), "{fine}");
        }
        for refused in ["https://dynamodb.us-east-1.amazonaws.com", "http://example.org:4566", "http://8.8.8.8:4566"] {
            let error = check_local(refused).unwrap_err();
            assert!(matches!(error, StartError::NotLocal { .. }), "{refused}: {error}");
        }
        assert!(matches!(check_local("127.0.0.1:4566").unwrap_err(), StartError::BadEndpoint { .. }));
    }

    #[test]
    fn what_an_edition_lacks_is_skipped_with_a_sentence_and_what_nothing_works_without_is_refused() {
        let community = health(&[
            "cloudformation",
            "dynamodb",
            "events",
            "lambda",
            "s3",
            "sqs",
            "apigateway",
            "cloudwatch",
            "sns",
            "scheduler",
            "secretsmanager",
        ]);
        let found = judge("http://127.0.0.1:4566", false, &community).unwrap();
        assert!(!found.pages);
        assert_eq!(found.without, ["AWS::ApiGatewayV2::"]);
        assert_eq!(found.skipped.len(), 2, "no pages and no mails");
        let own = Health { services: community.services.clone() };
        assert_eq!(judge("http://127.0.0.1:4566", true, &own).unwrap().skipped, [""; 0]);
        let error = judge("http://127.0.0.1:4566", false, &health(&["s3", "sqs"])).unwrap_err();
        assert!(error.to_string().contains("has no cloudformation"), "{error}");
    }
}
