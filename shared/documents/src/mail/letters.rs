//! What mails about accounts say. Names that people gave pass through [`fact`] before they stand in a sentence.

use super::{Action, Letter, MailFacts, RenderError, attendance, completion, events, expected, fact, lasts, records};
use domain::{link::Purpose, mail::Content};

/// What a content says.
pub(super) fn letter(content: &Content, facts: &MailFacts<'_>) -> Result<Letter, RenderError> {
    Ok(match content {
        Content::Nothing => return Err(RenderError::SaysNothing),
        Content::SignUp { provider, purpose } => sign_up(provider.as_deref(), purpose, facts)?,
        Content::HasAccount { username } => has_account(username, facts),
        Content::LicenceEnded { provider } => licence_ended(provider, facts),
        Content::Invitation { by, purpose } => invitation(by, purpose, facts)?,
        Content::Reset { username, purpose } => reset(username, purpose, facts)?,
        Content::VerifyEmail { username, purpose } => verify_email(username, purpose, facts)?,
        Content::EmailChanging { username, new } => email_changing(username, new, facts),
        Content::EmailChanged { username, new } => email_changed(username, new, facts),
        Content::PasswordChanged { username } => password_changed(username, facts),
        Content::ManyAttempts { username } => many_attempts(username, facts),
        Content::AccountClosed { username, of_licensee } => account_closed(username, *of_licensee, facts),
        Content::ProveLicence { licence, purpose } => prove_licence(licence, purpose, facts)?,
        Content::CycleEnds { licence, ends, missing, .. } => records::cycle_ends(licence, *ends, missing, facts),
        Content::Decided { what, granted, why, of_event } => {
            records::decided((what, of_event.as_ref()), *granted, why, facts)
        }
        Content::ConsentAsked { provider, title, when, bodies } => {
            records::consent_asked(provider, title, when, bodies, facts)
        }
        Content::CreditChanged { change, course, title, date, hours, by, why } => {
            let before = records::Recorded { course, title, date: *date, hours: *hours };
            records::credit_changed(change, &before, by, why, facts)
        }
        Content::RegistrationConfirmed { event } => events::confirmed(event, facts),
        Content::WaitingListed { event } => events::waiting(event, facts),
        Content::SeatFree { event } => events::seat_free(event, facts),
        Content::RegistrationCancelled { event } => events::registration_cancelled(event, facts),
        Content::EventChanged { event, told } => events::changed(event, told, facts),
        Content::EventCancelled { event, why } => events::cancelled(event, why, facts),
        Content::Reminder { event, reminder } => events::reminder(event, *reminder, facts),
        Content::AppealFiled { about, account, answer_by } => {
            attendance::appeal_filed(about, account, *answer_by, facts)
        }
        Content::AppealDecided { about, granted, why } => attendance::appeal_decided(about, *granted, why, facts),
        Content::AttendanceTakenBack { about, why } => attendance::taken_back(about, why, facts),
        Content::EvaluationReady { about, until } => completion::evaluation_ready(about, *until, facts),
        Content::EvaluationReminder { about, until } => completion::evaluation_reminder(about, *until, facts),
        Content::CertificateCorrected { about, why } => completion::certificate_corrected(about, why, facts),
        Content::CertificateRevoked { about, why } => completion::certificate_revoked(about, why, facts),
        Content::Expected { event, news } => expected::letter(event, news, facts),
    })
}

/// How long the link works, and that it works once.
fn once(purpose: &Purpose) -> String {
    format!("The link works once, for {} from when this mail was sent.", lasts(purpose))
}

/// Why somebody gets what concerns their account.
fn yours(username: &str, facts: &MailFacts<'_>) -> String {
    format!("this is the address of the account “{}” at {}.", fact(username), facts.organisation())
}

fn new_password(facts: &MailFacts<'_>) -> Option<Action> {
    Some(Action { label: "Set a new password", url: facts.page("/forgot") })
}

fn sign_up(provider: Option<&str>, purpose: &Purpose, facts: &MailFacts<'_>) -> Result<Letter, RenderError> {
    let organisation = facts.organisation();
    let (before, why) = match provider {
        Some(provider) => (
            format!(
                "Somebody asked to sign up with the provider license of {}. The link below proves that you read the address on file, and lets you choose a username and a password.",
                fact(provider)
            ),
            format!("this is the address on file for that license at {organisation}."),
        ),
        None => (
            format!(
                "Somebody asked to sign up at {organisation} with this address. The link below proves that it is yours, and lets you choose a username and a password."
            ),
            "somebody entered this address at Sign Up.".to_owned(),
        ),
    };
    Ok(Letter {
        subject: format!("Continue your sign-up at {organisation}"),
        preheader: format!("The link works for {}.", lasts(purpose)),
        before: vec![before],
        facts: Vec::new(),
        action: Some(Action { label: "Continue signing up", url: facts.link(purpose)? }),
        after: vec![
            once(purpose),
            "If it wasn't you, do nothing: without this link nobody can make the account.".to_owned(),
        ],
        why,
    })
}

fn has_account(username: &str, facts: &MailFacts<'_>) -> Letter {
    let username = fact(username);
    Letter {
        subject: format!("You already have an account at {}", facts.organisation()),
        preheader: "Log in with your username.".to_owned(),
        before: vec![
            "Somebody asked to sign up with your license or your address. There is an account already, so no second one was made.".to_owned(),
            format!("Your username is “{username}”. Log in with it; if you have forgotten the password, the login page leads you to a new one."),
        ],
        facts: Vec::new(),
        action: Some(Action { label: "Go to CE Profile Login", url: facts.page("/login") }),
        after: vec!["If it wasn't you, do nothing: your account is as it was.".to_owned()],
        // It may be the licence's address on file and not the account's.
        why: format!("somebody signed up at {} with this address, or with a license whose address on file it is.", facts.organisation()),
    }
}

fn licence_ended(provider: &str, facts: &MailFacts<'_>) -> Letter {
    let organisation = facts.organisation();
    Letter {
        subject: format!("Your provider license at {organisation} has ended"),
        preheader: "No account could be made.".to_owned(),
        before: vec![
            format!(
                "Somebody asked to sign up with the provider license of {}. On our register that license is no longer active, so no account could be made.",
                fact(provider)
            ),
            format!("If it should be active, renew it or write to {organisation}, and sign up again afterwards."),
        ],
        facts: Vec::new(),
        action: None,
        after: vec!["If it wasn't you, do nothing.".to_owned()],
        why: format!("this is the address on file for that license at {organisation}."),
    }
}

fn invitation(by: &str, purpose: &Purpose, facts: &MailFacts<'_>) -> Result<Letter, RenderError> {
    let (by, organisation) = (fact(by), facts.organisation());
    let joins = if by == organisation { organisation.clone() } else { format!("{by} at {organisation}") };
    Ok(Letter {
        subject: format!("You are invited to join {joins}"),
        preheader: format!("The link works for {}.", lasts(purpose)),
        before: vec![format!(
            "{by} invites you to work with them at {organisation}. The link below lets you choose a username and a password of your own."
        )],
        facts: Vec::new(),
        action: Some(Action { label: "Accept the invitation", url: facts.link(purpose)? }),
        after: vec![
            once(purpose),
            "If you don't know them, do nothing: without this link no account is made.".to_owned(),
        ],
        why: format!("{by} entered this address in an invitation."),
    })
}

fn reset(username: &str, purpose: &Purpose, facts: &MailFacts<'_>) -> Result<Letter, RenderError> {
    let username = fact(username);
    Ok(Letter {
        subject: format!("Set a new password at {}", facts.organisation()),
        preheader: format!("The link works for {}.", lasts(purpose)),
        before: vec![format!(
            "Somebody asked for a new password for the account “{username}”. The link below lets you set it."
        )],
        facts: Vec::new(),
        action: Some(Action { label: "Set a new password", url: facts.link(purpose)? }),
        after: vec![
            once(purpose),
            "If it wasn't you, do nothing: your password is as it was, and whoever asked can't see this mail."
                .to_owned(),
        ],
        why: yours(&username, facts),
    })
}

fn verify_email(username: &str, purpose: &Purpose, facts: &MailFacts<'_>) -> Result<Letter, RenderError> {
    let (username, organisation) = (fact(username), facts.organisation());
    Ok(Letter {
        subject: format!("Confirm your new address at {organisation}"),
        preheader: format!("The link works for {}.", lasts(purpose)),
        before: vec![format!(
            "The account “{username}” is to have this mail address. The link below proves that it is yours; until then the old one stays."
        )],
        facts: Vec::new(),
        action: Some(Action { label: "Confirm this address", url: facts.link(purpose)? }),
        after: vec![once(purpose), "If it wasn't you, do nothing: this address isn't used then.".to_owned()],
        why: format!("this address was entered as the new one of an account at {organisation}."),
    })
}

fn email_changing(username: &str, new: &str, facts: &MailFacts<'_>) -> Letter {
    let username = fact(username);
    Letter {
        subject: format!("Your address at {} is about to change", facts.organisation()),
        preheader: "Nothing has changed yet.".to_owned(),
        before: vec![
            format!(
                "Somebody who is logged in as “{username}” asked that mails go to {} from now on. Nothing has changed yet: we wait until the new address is confirmed.",
                fact(new)
            ),
            "If it was you, do nothing here, and open the link in the mail to the new address.".to_owned(),
            "If it wasn't you, somebody knows your password: set a new one now. That also ends every session."
                .to_owned(),
        ],
        facts: Vec::new(),
        action: new_password(facts),
        after: Vec::new(),
        why: yours(&username, facts),
    }
}

fn email_changed(username: &str, new: &str, facts: &MailFacts<'_>) -> Letter {
    let (username, organisation) = (fact(username), facts.organisation());
    Letter {
        subject: format!("Your address at {organisation} has changed"),
        preheader: "This address gets no more mails for the account.".to_owned(),
        before: vec![
            format!(
                "Mails for the account “{username}” now go to {}. This address gets no more of them, and can no longer be used to set a new password.",
                fact(new)
            ),
            format!(
                "If it was you, you have nothing to do. If it wasn't, write to {organisation} at once: they can give the account back to you."
            ),
        ],
        facts: Vec::new(),
        action: None,
        after: Vec::new(),
        why: format!("until now this was the address of the account “{username}” at {organisation}."),
    }
}

fn password_changed(username: &str, facts: &MailFacts<'_>) -> Letter {
    let username = fact(username);
    Letter {
        subject: format!("Your password at {} has changed", facts.organisation()),
        preheader: "If it wasn't you, set a new one now.".to_owned(),
        before: vec![
            format!("The password of the account “{username}” was changed. If it was you, you have nothing to do."),
            "If it wasn't you, somebody else can log in now: set a new password. That also ends every session."
                .to_owned(),
        ],
        facts: Vec::new(),
        action: new_password(facts),
        after: Vec::new(),
        why: yours(&username, facts),
    }
}

fn many_attempts(username: &str, facts: &MailFacts<'_>) -> Letter {
    let username = fact(username);
    Letter {
        subject: format!("Many wrong passwords for your account at {}", facts.organisation()),
        preheader: "Guessing is stopped for a while; you can still log in.".to_owned(),
        before: vec![
            format!("Somebody tried to log in as “{username}” with many wrong passwords. For a quarter of an hour we take no further tries from browsers that we don't know as yours; one that you have logged in with before still works, and so does the link to a new password."),
            "If it was you and you have forgotten the password, set a new one. If it wasn't you, you need do nothing; a new password is only needed if you use the old one anywhere else.".to_owned(),
        ],
        facts: Vec::new(),
        action: new_password(facts),
        after: Vec::new(),
        why: yours(&username, facts),
    }
}

fn account_closed(username: &str, of_licensee: bool, facts: &MailFacts<'_>) -> Letter {
    const CANCELLED: &str = "If you were registered for events that hadn't begun, or waited for seats there, that was cancelled with the account. You get no further mail about it.";
    let (username, organisation) = (fact(username), facts.organisation());
    Letter {
        subject: format!("Your account at {organisation} is closed"),
        preheader: "Credits stay on the record.".to_owned(),
        before: vec![
            format!(
                "The account “{username}” was closed, and nobody can log in with it any more. Credits that were recorded stay, since they are the board's records."
            ),
            format!("If it wasn't you, write to {organisation} at once."),
        ],
        facts: Vec::new(),
        action: None,
        after: if of_licensee { vec![CANCELLED.to_owned()] } else { Vec::new() },
        why: format!("until now this was the address of the account “{username}” at {organisation}."),
    }
}

fn prove_licence(licence: &str, purpose: &Purpose, facts: &MailFacts<'_>) -> Result<Letter, RenderError> {
    let (licence, organisation) = (fact(licence), facts.organisation());
    Ok(Letter {
        subject: format!("Is the license {licence} yours?"),
        preheader: format!("The link works for {}.", lasts(purpose)),
        before: vec![format!(
            "Somebody with an account at {organisation} says that the license {licence} is theirs. The link below proves that they read the address on file; the credits of this license then appear in their account."
        )],
        facts: Vec::new(),
        action: Some(Action { label: "Yes, add my license", url: facts.link(purpose)? }),
        after: vec![
            once(purpose),
            "If it wasn't you, do nothing: without this link the license isn't added to anybody's account.".to_owned(),
        ],
        why: format!("this is the address on file for that license at {organisation}."),
    })
}
