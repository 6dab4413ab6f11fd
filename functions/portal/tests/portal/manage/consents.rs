//! The office's consent: given for what it was asked about, taken back with what it was for, refused with a trace.

use super::*;

#[tokio::test]
async fn a_consent_is_for_what_the_office_was_asked_about() {
    let world = world().await;
    complete(&world).await;
    assert_eq!(save(&world, "/consent", Who::Acme, &[]).await.status, 303);
    let first = open_requests(&world).await.remove(0);
    let changed: Vec<_> =
        APPROVALS.iter().map(|(name, value)| (*name, if *name == "number-0" { "S-78" } else { value })).collect();
    let saved = save(&world, "/approvals", Who::Acme, &changed).await;
    assert_eq!(saved.header("location"), path("/approvals?saved=yes"));
    assert_eq!(*consent(&world.event(NUMBER).await), Consent::NotAsked);
    let told = "The office&#39;s consent to the approval by NASBA is no longer asked for";
    check(&world.get(&path("/approvals?saved=yes"), Who::Acme).await, 200, &["Saved.", told, "Ask again"]);
    assert!(!world.get(&path("/approvals"), Who::Acme).await.text().contains(told), "it is said once");
    check(&world.get(&path("/history"), Who::Acme).await, 200, &[told]);
    // The office's queue is empty, and its request says why.
    assert!(open_requests(&world).await.is_empty());
    let page = world.get(&format!("/office/requests/{}", first.id), Who::Office).await;
    check(&page, 200, &["Taken back", "by who asked", "The approvals were changed.", "isn&#39;t asked for any more"]);
    assert!(!page.text().contains("value=\"refuse\""), "there is nothing to decide");
    check(&world.get("/office/requests?show=closed", Who::Office).await, 200, &["Taken back"]);
    // Whoever of the office has the page open still changes nothing by it.
    assert_eq!(decide(&world, &first.id, "grant").await.status, 303);
    assert_eq!(*consent(&world.event(NUMBER).await), Consent::NotAsked);
    assert_eq!(save(&world, "/consent", Who::Acme, &[]).await.status, 303);
    let second = open_requests(&world).await.remove(0);
    assert_eq!(decide(&world, &second.id, "refuse").await.status, 303);
    let decided = world.clients.table.fetch_request(&second.id).await.unwrap().unwrap();
    assert_eq!(decided.decision.unwrap().outcome, Outcome::Refused);
    let approvals = world.get(&path("/approvals"), Who::Acme).await;
    check(&approvals, 200, &["The office doesn&#39;t consent", "Seen the letter", "Ask for consent"]);
    let history = world.get(&path("/history"), Who::Acme).await;
    let refused = "The office doesn&#39;t consent to the approval by NASBA: Seen the letter";
    check(&history, 200, &[refused, "data-label=\"Who\">The office<"]);
    assert_eq!(save(&world, "/publish", Who::Acme, &[]).await.status, 422);
}

#[tokio::test]
async fn an_edit_of_the_agenda_says_that_the_consent_is_no_longer_asked_for() {
    let world = world().await;
    complete(&world).await;
    assert_eq!(save(&world, "/consent", Who::Acme, &[]).await.status, 303);
    let shorter: Vec<_> =
        AGENDA.iter().map(|(name, value)| (*name, if *name == "ends-2" { "19:55" } else { value })).collect();
    assert_eq!(save(&world, "/agenda", Who::Acme, &shorter).await.status, 303);
    let told = "The office&#39;s consent to the approval by NASBA is no longer asked for";
    check(&world.get(&path("/agenda?saved=yes"), Who::Acme).await, 200, &["Saved.", told]);
    assert!(open_requests(&world).await.is_empty());
    // Deleting the draft takes back what is asked too.
    assert_eq!(save(&world, "/consent", Who::Acme, &[]).await.status, 303);
    let request = open_requests(&world).await.remove(0);
    assert_eq!(save(&world, "/delete", Who::Acme, &[]).await.status, 303);
    assert!(open_requests(&world).await.is_empty());
    let page = world.get(&format!("/office/requests/{}", request.id), Who::Office).await;
    check(&page, 200, &["Taken back", "The draft was deleted."]);
}

#[tokio::test]
async fn the_office_isnt_asked_about_an_event_without_an_agenda() {
    let world = world().await;
    say_how_nasba_counts(&world).await;
    assert_eq!(save(&world, "/approvals", Who::Acme, &APPROVALS).await.status, 303);
    let page = world.get(&path("/approvals"), Who::Acme).await;
    check(&page, 200, &["The office can be asked to consent once there is something to look at", &path("/agenda")]);
    assert!(!page.text().contains("Ask for consent"));
    let refused = save(&world, "/consent", Who::Acme, &[]).await;
    check(&refused, 409, &["no time of instruction yet", "Enter its agenda first"]);
    assert!(open_requests(&world).await.is_empty() && world.mails().await.is_empty());
    assert_eq!(*consent(&world.event(NUMBER).await), Consent::NotAsked);
}
