//! What is done with a word about a mail. It may come twice, late, and while its account changes: each step is done again without
//! harm, and the first is the one that counts.

use crate::{FeedbackError, message::Feedback};
use adapters::table::{Noted, Table};
use domain::{
    account::MailTrouble,
    suppression::{Trouble, Word},
};

/// Notes a word about a mail: with the address, with whoever has it now, and with the mail.
pub(crate) async fn record(feedback: &Feedback, table: &Table) -> Result<(), FeedbackError> {
    let Feedback { word, address, at, mail, code } = feedback;
    let mail_id = mail.as_ref().map_or("unknown", |mail| mail.as_str());
    let Some(trouble) = word.trouble() else {
        tracing::info!(mail = mail_id, code, kind = kind(*word), "feedback.passing: the next mail may well arrive");
        return Ok(());
    };
    let noted = Noted { trouble, at: *at, mail: mail.as_ref(), code };
    let known = table.note_suppression(address, &noted).await?;
    // What was lifted since this was told marks nobody.
    let marked = match known.standing() {
        Some((why, at)) => table.mark_mail_trouble(address, MailTrouble { why, at }).await?,
        None => 0,
    };
    if let Some(mail) = mail {
        table.note_feedback(mail, trouble).await?;
    }
    match trouble {
        Trouble::Bounce => {
            tracing::warn!(
                mail = mail_id,
                code,
                accounts = marked,
                "feedback.bounced: nothing is written there any more"
            );
        }
        Trouble::Complaint => {
            tracing::warn!(
                mail = mail_id,
                code,
                accounts = marked,
                "feedback.complained: nothing is written there any more"
            );
        }
    }
    Ok(())
}

fn kind(word: Word) -> &'static str {
    match word {
        Word::CameBack(_) => "bounce",
        Word::ComplainedOf(_) => "complaint",
    }
}
