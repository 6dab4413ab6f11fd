//! Addresses that mail came back from, or whose reader called it spam: what each word of the mail service's means, and what may
//! still be sent there. It sends nothing, and knows nobody's address.

use serde::{Deserialize, Serialize};

/// What keeps mails from an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// A mail came back for good: the address doesn't exist, or takes nothing.
    Bounce,
    /// Whoever reads it called a mail spam.
    Complaint,
}

impl Trouble {
    /// Its name in items and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Trouble::Bounce => "bounce",
            Trouble::Complaint => "complaint",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Trouble::Bounce, Trouble::Complaint].into_iter().find(|trouble| trouble.as_str() == name)
    }

    /// The code by which a mail is refused for it.
    pub fn refusal_code(self) -> &'static str {
        match self {
            Trouble::Bounce => "suppressed_bounce",
            Trouble::Complaint => "suppressed_complaint",
        }
    }
}

/// Whether a mail came back for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BounceKind {
    /// For good.
    Permanent,
    /// For now: a mailbox is full, a server is away. The mail service has tried for hours already.
    Transient,
    /// Nobody can tell.
    Undetermined,
}

/// What somebody meant who sent a mail's text back to the mail service, by RFC 5965's and RFC 6430's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplaintKind {
    /// It is unwanted, a fraud, or something that has no name; also where nobody said what it is.
    Unwanted,
    /// A machine doubts who sent it: a fault of ours, and no reader's wish.
    Machine,
    /// It isn't spam, and was taken for it by mistake.
    NotSpam,
}

/// What the mail service told of a mail that it had taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// It came back.
    CameBack(BounceKind),
    /// It was complained of.
    ComplainedOf(ComplaintKind),
}

impl Word {
    /// What keeps mails from the address from now on; nothing if the next mail may well arrive.
    pub fn trouble(self) -> Option<Trouble> {
        match self {
            Word::CameBack(BounceKind::Permanent) => Some(Trouble::Bounce),
            Word::ComplainedOf(ComplaintKind::Unwanted) => Some(Trouble::Complaint),
            Word::CameBack(BounceKind::Transient | BounceKind::Undetermined)
            | Word::ComplainedOf(ComplaintKind::Machine | ComplaintKind::NotSpam) => None,
        }
    }
}

/// What is known of an address that something was noted of: the latest of each kind, and since when it is void. Each only moves
/// forward, so that words may come twice and in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Suppression {
    /// When a mail came back last, in seconds since 1970.
    pub bounced_at: Option<i64>,
    /// When a mail was complained of last.
    pub complained_at: Option<i64>,
    /// When it was lifted last: by its person's word, or by a link that was sent there and opened.
    pub lifted_at: Option<i64>,
    /// When its person, logged in, said last that mails may go there again.
    pub said_at: Option<i64>,
    /// When the mail service was last told that mails may go there, and took one.
    pub allowed_at: Option<i64>,
}

/// An address that bounces or complains costs the reputation that every other mail goes out by: once a day is little enough, and
/// whoever can't log in waits no longer than that.
pub const TRIED_AGAIN_SECONDS: i64 = 24 * 3600;

impl Suppression {
    /// What keeps mails from the address, and since when. A complaint weighs more than a bounce: it is somebody's wish.
    pub fn standing(&self) -> Option<(Trouble, i64)> {
        let since_lifted = |at: &i64| self.lifted_at.is_none_or(|lifted| *at > lifted);
        let complaint = self.complained_at.filter(since_lifted).map(|at| (Trouble::Complaint, at));
        complaint.or_else(|| self.bounced_at.filter(since_lifted).map(|at| (Trouble::Bounce, at)))
    }

    /// The first moment at which it may be lifted by its person's word: a day after the last time. An opened link proves more, and
    /// doesn't count.
    pub fn liftable_from(&self) -> i64 {
        self.said_at.map_or(i64::MIN, |said| said.saturating_add(TRIED_AGAIN_SECONDS))
    }
}

/// On whose word a mail is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Whoever reads the address waits for it at this moment: the link to an account, to a new password, to a new address.
    AskedByReader,
    /// Somebody else asked for it at this moment: an invitation, the proof of a licence.
    AskedByAnother,
    /// Nobody did: it tells of something.
    Told,
}

/// Whether a mail is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// It is.
    Free,
    /// It is, though mails to this address failed before: the mail service may have to be told that it may.
    Again,
    /// It isn't, for this.
    Not(Trouble),
}

/// Whether a mail is tried, by what is known of its address. What somebody asked for is tried a day after the last mail came
/// back: if it comes back too, that is the new last one, so that it is once a day without anybody counting. After a complaint
/// only what the reader asked for.
pub fn judge(found: Option<&Suppression>, errand: Errand, now: i64) -> Trial {
    let Some(found) = found else { return Trial::Free };
    let Some((trouble, at)) = found.standing() else {
        // The mail service is told once that it was lifted, and not with every mail from then on.
        return if found.allowed_at >= found.lifted_at { Trial::Free } else { Trial::Again };
    };
    let is_exempt = match (trouble, errand) {
        (_, Errand::AskedByReader) | (Trouble::Bounce, Errand::AskedByAnother) => true,
        (Trouble::Complaint, Errand::AskedByAnother) | (_, Errand::Told) => false,
    };
    if is_exempt && now >= at.saturating_add(TRIED_AGAIN_SECONDS) { Trial::Again } else { Trial::Not(trouble) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = TRIED_AGAIN_SECONDS;

    #[test]
    fn only_what_came_back_for_good_or_was_unwanted_keeps_mails_from_an_address() {
        let told = [
            (Word::CameBack(BounceKind::Permanent), Some(Trouble::Bounce)),
            (Word::CameBack(BounceKind::Transient), None),
            (Word::CameBack(BounceKind::Undetermined), None),
            (Word::ComplainedOf(ComplaintKind::Unwanted), Some(Trouble::Complaint)),
            (Word::ComplainedOf(ComplaintKind::Machine), None),
            (Word::ComplainedOf(ComplaintKind::NotSpam), None),
        ];
        for (word, trouble) in told {
            assert_eq!(word.trouble(), trouble, "{word:?}");
        }
    }

    #[test]
    fn what_was_told_before_it_was_lifted_stands_no_more_and_a_complaint_stands_before_a_bounce() {
        let standing = |bounced_at, complained_at, lifted_at| {
            Suppression { bounced_at, complained_at, lifted_at, ..Suppression::default() }.standing()
        };
        assert_eq!(standing(None, None, None), None);
        assert_eq!(standing(Some(5), None, None), Some((Trouble::Bounce, 5)));
        assert_eq!(standing(Some(9), Some(5), None), Some((Trouble::Complaint, 5)));
        assert_eq!(standing(Some(5), Some(5), Some(5)), None);
        assert_eq!(standing(Some(9), Some(5), Some(6)), Some((Trouble::Bounce, 9)));
    }

    #[test]
    fn a_mail_that_nobody_waits_for_is_never_tried_and_one_that_somebody_waits_for_once_a_day() {
        let bounced = Suppression { bounced_at: Some(0), ..Suppression::default() };
        let complained = Suppression { complained_at: Some(0), ..bounced };
        let tried =
            |found: &Suppression, errand| [0, DAY - 1, DAY, 100 * DAY].map(|now| judge(Some(found), errand, now));
        let (no, never) = (Trial::Not(Trouble::Bounce), Trial::Not(Trouble::Complaint));
        assert_eq!(tried(&bounced, Errand::Told), [no; 4]);
        assert_eq!(tried(&bounced, Errand::AskedByReader), [no, no, Trial::Again, Trial::Again]);
        assert_eq!(tried(&bounced, Errand::AskedByAnother), [no, no, Trial::Again, Trial::Again]);
        assert_eq!(tried(&complained, Errand::Told), [never; 4]);
        assert_eq!(tried(&complained, Errand::AskedByAnother), [never; 4]);
        assert_eq!(tried(&complained, Errand::AskedByReader), [never, never, Trial::Again, Trial::Again]);
        let lifted = Suppression { lifted_at: Some(1), ..complained };
        assert_eq!(tried(&lifted, Errand::Told), [Trial::Again; 4]);
        assert_eq!(judge(None, Errand::Told, 0), Trial::Free);
        // Once the mail service knows, an address is like any other, until mails are lifted there once more.
        let allowed = Suppression { allowed_at: Some(2), ..lifted };
        assert_eq!(tried(&allowed, Errand::Told), [Trial::Free; 4]);
        assert_eq!(tried(&Suppression { lifted_at: Some(3), ..allowed }, Errand::Told), [Trial::Again; 4]);
        assert_eq!(tried(&Suppression { bounced_at: Some(3), ..allowed }, Errand::Told), [no; 4]);
    }

    #[test]
    fn what_was_lifted_is_lifted_again_a_day_later() {
        let lifted_by_a_link = Suppression { lifted_at: Some(7), ..Suppression::default() };
        assert_eq!(lifted_by_a_link.liftable_from(), i64::MIN);
        assert_eq!(Suppression { said_at: Some(7), ..lifted_by_a_link }.liftable_from(), 7 + DAY);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for trouble in [Trouble::Bounce, Trouble::Complaint] {
            assert_eq!(Trouble::parse(trouble.as_str()), Some(trouble));
            assert_eq!(trouble.refusal_code(), format!("suppressed_{}", trouble.as_str()));
        }
        assert_eq!(Trouble::parse("spam"), None);
    }
}
