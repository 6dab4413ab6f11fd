use super::{samples::HOSTILE, *};
use domain::{email::EmailAddress, mail::ExpectedNews};
use std::collections::BTreeSet;

const BASE: &str = "https://ce.example.org";
const SECRET: &str = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c";

fn organisation(name: &str) -> Organisation {
    let support_email = EmailAddress::parse("help@ce.example.org").ok();
    Organisation { name: name.to_owned(), support_email, ..Organisation::default() }
}

/// All samples, for an ordinary organisation and for those whose names mean harm.
fn rendered() -> Vec<(String, Content, Rendered)> {
    let names = std::iter::once("Board of Continuing Education").chain(HOSTILE);
    names
        .flat_map(|name| {
            let organisation = organisation(name);
            samples().into_iter().map(move |sample| {
                let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: Some(SECRET) };
                let mail = render(&sample.content, &facts).unwrap();
                (format!("{} of {name:?}", sample.name), sample.content, mail)
            })
        })
        .collect()
}

/// What a reader of the HTML sees of its body, on one line.
fn seen(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1.split_once('>').unwrap().1;
    let hidden = body.find("<div style=\"display:none").unwrap();
    let shown = body[hidden..].split_once("</div>").unwrap().1;
    let mut text = String::new();
    let mut in_tag = false;
    for c in shown.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    let text = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text, |text, (entity, sign)| text.replace(entity, sign));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn there_is_a_sample_of_every_kind_and_each_renders() {
    let kind = |content: &Content| serde_json::to_value(content).unwrap()["kind"].as_str().unwrap().to_owned();
    let kinds: BTreeSet<String> = samples().iter().map(|sample| kind(&sample.content)).collect();
    let all = [
        "account_closed",
        "appeal_decided",
        "appeal_filed",
        "attendance_taken_back",
        "certificate_corrected",
        "certificate_revoked",
        "consent_asked",
        "credit_changed",
        "cycle_ends",
        "decided",
        "email_changed",
        "email_changing",
        "evaluation_ready",
        "evaluation_reminder",
        "event_cancelled",
        "event_changed",
        "expected",
        "has_account",
        "invitation",
        "licence_ended",
        "many_attempts",
        "password_changed",
        "prove_licence",
        "registration_cancelled",
        "registration_confirmed",
        "reminder",
        "reset",
        "seat_free",
        "sign_up",
        "verify_email",
        "waiting_listed",
    ];
    assert!(kinds.iter().eq(all.iter()), "{kinds:?}");
    assert_eq!(rendered().len(), 5 * samples().len());
}

#[test]
fn the_text_says_what_the_html_says() {
    for (name, _, mail) in rendered() {
        let seen = seen(&mail.html);
        for line in mail.text.lines().filter(|line| !line.trim().is_empty() && *line != "-- ") {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            let label = line.strip_suffix(':').unwrap_or(&line);
            // In HTML it lies behind its words.
            let label = if mail.stop.as_deref() == Some(label) { "Get no more of these mails" } else { label };
            assert!(seen.contains(label), "{name}: {line}\n{seen}");
        }
        let words = |text: &str| text.split_whitespace().count();
        let only_in_html =
            words("If the button does nothing, copy this address into your browser: Board of Continuing Education")
                + 20;
        assert!(words(&seen) <= words(&mail.text) + only_in_html, "{name}: the HTML says more\n{seen}");
    }
}

#[test]
fn a_mail_with_a_link_has_one_and_it_opens_its_purposes_page() {
    for (name, content, mail) in rendered() {
        let links: Vec<&str> = mail.html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        match content.purpose() {
            Some(purpose) => {
                let url = format!("{BASE}{}?token={SECRET}", purpose.path());
                assert_eq!(links, [url.as_str()], "{name}");
                assert_eq!(mail.text.matches(SECRET).count(), 1, "{name}");
                assert_eq!(mail.text.matches(BASE).count(), 1, "{name}");
                assert_eq!(mail.html.matches(SECRET).count(), 2, "{name}: the button and the address to copy");
                assert!(mail.text.contains(&format!("once, for {}", lasts(purpose))), "{name}");
                assert_eq!(mail.stop, None, "{name}");
            }
            None if content.way_out().is_some() => {
                let [action, out] = links.as_slice() else { panic!("{name}: {links:?}") };
                assert_eq!(*out, format!("{BASE}{}?token={SECRET}", content.way_out().unwrap().path()), "{name}");
                assert_eq!(mail.stop.as_deref(), Some(*out), "{name}: the same as in the header");
                assert!(action.starts_with(BASE) && !action.contains(SECRET), "{name}");
                assert!(mail.text.contains(&format!("\nGet no more of these mails:\n{out}\n")), "{name}");
            }
            None => {
                assert_eq!(mail.stop, None, "{name}");
                assert!(links.len() <= 1 && links.iter().all(|link| link.starts_with(BASE)), "{name}: {links:?}");
                assert!(!mail.text.contains(SECRET) && !mail.html.contains(SECRET), "{name}");
            }
        }
    }
}

#[test]
fn nobodys_name_adds_markup_a_header_or_a_turn_of_direction() {
    for (name, _, mail) in rendered() {
        let subject = mail.subject.as_str();
        assert!(!subject.chars().any(|c| c.is_control() || is_invisible(c)), "{name}: {subject:?}");
        assert!(subject.chars().count() <= LONGEST_SUBJECT, "{name}");
        for part in [&mail.text, &mail.html] {
            assert!(!part.chars().any(|c| (c.is_control() && c != '\n') || is_invisible(c)), "{name}");
            assert!(!part.lines().any(|line| line.starts_with("Bcc:")), "{name}");
        }
        for markup in ["<script", "<a href=\"https://evil", "<img", "http-equiv"] {
            assert!(!mail.html.contains(markup), "{name}: {markup}");
        }
    }
}

#[test]
fn every_mail_says_why_it_came_and_whom_to_ask() {
    for (name, _, mail) in rendered() {
        for part in [mail.text.clone(), seen(&mail.html)] {
            assert!(part.contains("Why you get this mail: "), "{name}");
            assert!(part.contains("Questions? Write to help@ce.example.org."), "{name}");
        }
        assert!(mail.html.starts_with("<!doctype html>\n<html lang=\"en\">"), "{name}");
    }
}

#[test]
fn a_mail_that_needs_a_link_isnt_rendered_without_one_and_nothing_isnt_rendered() {
    let organisation = organisation("Board");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    for sample in samples() {
        let rendered = render(&sample.content, &facts);
        match sample.content.purpose().or(sample.content.way_out()) {
            Some(_) => assert!(matches!(rendered, Err(RenderError::NoLink)), "{}", sample.name),
            None => assert!(rendered.is_ok(), "{}", sample.name),
        }
    }
    assert!(matches!(render(&Content::Nothing, &facts), Err(RenderError::SaysNothing)));
}

#[test]
fn a_reset_reads_as_a_person_would_want_it() {
    let organisation = organisation("Board of Continuing Education");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: Some("SECRET") };
    let reset = samples().into_iter().find(|sample| sample.name == "reset").unwrap();
    let mail = render(&reset.content, &facts).unwrap();
    assert_eq!(mail.subject.as_str(), "Set a new password at Board of Continuing Education");
    let expected = "\
Set a new password at Board of Continuing Education

Somebody asked for a new password for the account “maria.garcia”. The link below lets you set it.

Set a new password:
https://ce.example.org/reset?token=SECRET

The link works once, for 30 minutes from when this mail was sent.

If it wasn't you, do nothing: your password is as it was, and whoever asked can't see this mail.

-- 
Why you get this mail: this is the address of the account “maria.garcia” at Board of Continuing Education.
Questions? Write to help@ce.example.org.
Board of Continuing Education, ce.example.org";
    assert_eq!(mail.text, expected);
}

#[test]
fn a_reminder_stays_true_where_it_comes_again() {
    let organisation = organisation("Board");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    let sample = samples().into_iter().find(|sample| sample.name == "evaluation_reminder").unwrap();
    let text = render(&sample.content, &facts).unwrap().text;
    assert!(!text.contains("only"), "{text}");
    assert!(
        text.contains("No other reminder follows. If this one comes again, it couldn't be delivered before."),
        "{text}"
    );
}

#[test]
fn who_thinks_that_a_revocation_is_wrong_reads_whom_to_write_to() {
    let organisation = organisation("Board of Continuing Education");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    let sample = samples().into_iter().find(|sample| sample.name == "certificate_revoked").unwrap();
    let Content::CertificateRevoked { mut about, why } = sample.content else { panic!("{}", sample.name) };
    let mut text = |contact: &str| {
        about.contact = contact.to_owned();
        render(&Content::CertificateRevoked { about: about.clone(), why: why.clone() }, &facts).unwrap().text
    };
    let named = text("Acme, +1 555 0100");
    assert!(named.contains("\nQuestions about the event: Acme, +1 555 0100\n"), "{named}");
    assert!(
        named.contains("write to the event's contact, which stands above under “Questions about the event”."),
        "{named}"
    );
    let unnamed = text("");
    assert!(unnamed.contains("write to Board of Continuing Education."), "{unnamed}");
    // The attendance counts in full, and so no page takes an appeal.
    assert!(!named.contains("appeal") && !unnamed.contains("appeal"), "{named}");
}

#[test]
fn a_corrected_credit_shows_both_versions() {
    let organisation = organisation("Board");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    let sample = samples().into_iter().find(|sample| sample.name == "credit_changed corrected").unwrap();
    let text = render(&sample.content, &facts).unwrap().text;
    assert!(text.contains("\nRecorded before: ETH-101, January 31, 2026, 2.00 hours\nNow recorded: ETH-101, February 1, 2026, 1.50 hours\n"), "{text}");
    assert!(text.contains("\nReason given: The certificate shows another date.\n"), "{text}");
}

#[test]
fn every_mail_about_an_event_to_come_says_who_approves_it_and_one_that_is_off_promises_no_credit() {
    let organisation = organisation("Board");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    let (mut told, mut cancelled) = (0, 0);
    for sample in samples() {
        let is_about_event = serde_json::to_value(&sample.content).unwrap().get("event").is_some();
        if !is_about_event {
            continue;
        }
        told += 1;
        let text = render(&sample.content, &facts).unwrap().text;
        assert!(text.contains("Wednesday, July 1, 2026, 1:00 PM to 2:30 PM EDT"), "{}\n{text}", sample.name);
        assert!(!text.contains("zoom."), "{}: a way in", sample.name);
        if matches!(
            sample.content,
            Content::EventCancelled { .. }
                | Content::RegistrationCancelled { .. }
                | Content::Expected { news: ExpectedNews::Cancelled { .. }, .. }
        ) {
            cancelled += 1;
            for promised in ["Approved by", "1.60", "Pending with", "No board has to accept"] {
                assert!(!text.contains(promised), "{}: there is no credit to get: {promised}\n{text}", sample.name);
            }
            continue;
        }
        for said in [
            "Approved by NASBA, no. 123: 1.60 credits for attending in its entirety, and none for less.",
            "Not approved by APA: this event gives no credit there.",
            "Pending with ANCC: it hasn't decided",
            "No board has to accept what another body approves. Ask yours first.",
        ] {
            assert!(text.contains(said), "{}: {said}\n{text}", sample.name);
        }
    }
    assert_eq!((told, cancelled), (5 * 15, 5 * 3));
}

#[test]
fn who_is_put_down_is_told_by_whom_how_to_confirm_and_that_doing_nothing_is_an_answer() {
    let organisation = organisation("Board");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    for name in ["expected put down", "expected asked again", "expected changed"] {
        let sample = samples().into_iter().find(|sample| sample.name == name).unwrap();
        let text = render(&sample.content, &facts).unwrap().text;
        for said in
            ["Acme Continuing Education has put", "Confirm registration", "you need do nothing", "I'm not coming"]
        {
            assert!(text.contains(said), "{name}: {said}\n{text}");
        }
        assert!(text.contains(&format!("{BASE}/events/")) && !text.contains("/wallet/"), "{name}: {text}");
        assert!(!text.contains("you registered"), "{name}: {text}");
    }
    for (name, said, unsaid) in [
        ("expected put down", "so that somebody else gets the seat", "which is over"),
        ("expected put down begun", "a seat is kept for you", "somebody else gets the seat"),
        ("expected put down afterwards", "If you weren't there, you need do nothing.", "seat"),
    ] {
        let sample = samples().into_iter().find(|sample| sample.name == name).unwrap();
        let text = render(&sample.content, &facts).unwrap().text;
        assert!(text.contains(said) && !text.contains(unsaid), "{name}: {said}, not {unsaid}\n{text}");
        assert!(text.contains("Confirm registration"), "{name}\n{text}");
    }
    let cancelled = samples().into_iter().find(|sample| sample.name == "expected cancelled").unwrap();
    let text = render(&cancelled.content, &facts).unwrap().text;
    assert!(text.contains("There is nothing for you to do.") && text.contains("Reason given"), "{text}");
}

#[test]
fn a_changed_event_shows_when_it_was_to_be() {
    let organisation = organisation("Board");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    let sample = samples().into_iter().find(|sample| sample.name == "event_changed").unwrap();
    let text = render(&sample.content, &facts).unwrap().text;
    assert!(
        text.contains("\nIt was to be: Tuesday, June 30, 2026, 1:00 PM to 2:30 PM EDT\nWhen: Wednesday, July 1"),
        "{text}"
    );
    assert!(text.contains("links of before don't work any more"), "{text}");
}

#[test]
fn a_bodys_long_statement_stands_whole() {
    let statement = format!("{}end.", "statement ".repeat(190));
    assert_eq!(paragraphs(&statement).join(" "), statement);
}

#[test]
fn what_was_decided_of_attendance_is_told_with_its_reason_and_the_way_to_answer_it() {
    let organisation = organisation("Board");
    let facts = MailFacts { organisation: &organisation, public_base_url: BASE, link: None };
    let text = |name| {
        let sample = samples().into_iter().find(|sample| sample.name == name).unwrap();
        render(&sample.content, &facts).unwrap().text
    };
    let filed = text("appeal_filed");
    assert!(
        filed.contains("\nTo be answered by: Sunday, July 12, 2026\n") && filed.contains("/manage/events/"),
        "{filed}"
    );
    for (name, said, unsaid) in [
        ("appeal_decided granted", "Your attendance counts in full.", "appeal again"),
        ("appeal_decided refused", "you can appeal again there, three times in all", "counts in full"),
        ("attendance_taken_back", "counted in full. It was looked at again", "granted"),
    ] {
        let text = text(name);
        assert!(text.contains(said) && !text.contains(unsaid), "{name}: {said}, not {unsaid}\n{text}");
        assert!(text.contains("\nReason given: The certificate shows another date.\n"), "{name}\n{text}");
        assert!(text.contains(&format!("{BASE}/wallet/missing/")), "{name}\n{text}");
        assert!(text.contains("When: Wednesday, July 1, 2026"), "{name}\n{text}");
    }
}
