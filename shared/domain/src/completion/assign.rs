//! A certificate's credit assigned to a licence after it was issued: by somebody who had no license then, or chose none.

use super::{Assigned, Completion, Step};
use crate::licence::Licence;

/// Why a credit can't be assigned to a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignRefusal {
    /// No certificate stands.
    NotIssued,
    /// It was assigned before: nothing is done twice.
    Already,
}

impl AssignRefusal {
    /// What happened and what to do now.
    pub fn text(self) -> &'static str {
        match self {
            AssignRefusal::NotIssued => {
                "The certificate isn't issued at this moment, so its credit can't be entered for a license. Look under Certificates where it stands."
            }
            AssignRefusal::Already => {
                "This certificate's credit is entered for that license already. Nothing was changed."
            }
        }
    }
}

/// What stands once an issued certificate's credit is assigned to another licence: a worker enters it then.
pub fn assign_later(completion: &Completion, licence: Licence, category: String) -> Result<Completion, AssignRefusal> {
    let submitted = completion.submitted.as_ref().ok_or(AssignRefusal::NotIssued)?;
    if !matches!(submitted.certificate.step, Step::Issued { .. }) {
        return Err(AssignRefusal::NotIssued);
    }
    let own = licence.as_compared();
    if submitted.licences.iter().any(|it| it.licence.as_compared() == own) {
        return Err(AssignRefusal::Already);
    }
    let mut after = submitted.clone();
    after.licences.push(Assigned { to_enter: true, ..Assigned::to(licence, category) });
    Ok(Completion { submitted: Some(after), ..completion.clone() })
}
