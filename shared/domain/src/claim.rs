//! A licensee says that a licence is theirs: what would prove it. A number is public and proves nothing, nor does a name; who
//! reads the mail that the board sends to the holder is the holder.

use crate::{
    account::Account,
    email::EmailAddress,
    licence::Licence,
    name::{NameMatch, compare},
    register::Holder,
};

/// What the register makes of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The account's own address is the one on file: nothing more is needed.
    Proven(Licence),
    /// The holder is asked at the address on file.
    AskHolder {
        /// The licence.
        licence: Licence,
        /// Its address on file.
        email: EmailAddress,
    },
    /// Nothing can be proven by mail: the number isn't on the register, is several people's, is another name's, or has no
    /// address on file. A person has to look. The claimant isn't told which.
    AskOffice,
}

/// Decides what would prove that this account is the holder's. `holders` are all who hold the number.
pub fn stand(account: &Account, holders: &[Holder]) -> Standing {
    let mut named = holders.iter().filter(|holder| compare(&account.name, &holder.name) != NameMatch::Different);
    let (Some(holder), None) = (named.next(), named.next()) else { return Standing::AskOffice };
    match &holder.email_on_file {
        Some(email) if email.compared() == account.email.compared() => Standing::Proven(holder.licence.clone()),
        Some(email) => Standing::AskHolder { licence: holder.licence.clone(), email: email.clone() },
        None => Standing::AskOffice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{Role, Username},
        id::AccountId,
        licence::LicenceNumber,
        name::PersonName,
    };

    fn name(first: &str, last: &str) -> PersonName {
        PersonName { first: first.to_owned(), last: last.to_owned() }
    }

    fn holder(profession: &str, last: &str, email: Option<&str>) -> Holder {
        Holder {
            licence: Licence {
                board: "TX-BON".to_owned(),
                profession: profession.to_owned(),
                number: LicenceNumber::parse("700700").unwrap(),
            },
            name: name("Robert", last),
            active_from: None,
            active_to: None,
            email_on_file: email.map(|text| EmailAddress::parse(text).unwrap()),
        }
    }

    fn check(holders: &[Holder]) -> &'static str {
        let account = Account {
            id: AccountId::from_bits(1),
            username: Username::parse("robert").unwrap(),
            email: EmailAddress::parse("R.Chen@example.org").unwrap(),
            email_to_come: None,
            mail_trouble: None,
            name: name("Bob", "Chen"),
            role: Role::Licensee,
            epoch: 0,
            created_at: 0,
            version: 1,
        };
        match stand(&account, holders) {
            Standing::Proven(licence) => {
                assert_eq!(licence.profession, "RN");
                "proven"
            }
            Standing::AskHolder { licence, .. } => {
                assert_eq!(licence.profession, "RN");
                "ask the holder"
            }
            Standing::AskOffice => "ask the office",
        }
    }

    #[test]
    fn only_the_address_on_file_of_the_one_holder_of_that_name_proves_a_licence() {
        assert_eq!(check(&[holder("RN", "Chen", Some("r.chen@example.org"))]), "proven");
        assert_eq!(check(&[holder("RN", "Chen", Some("old@example.org"))]), "ask the holder");
        assert_eq!(check(&[holder("RN", "Chen", None)]), "ask the office");
        assert_eq!(check(&[]), "ask the office");
        // The right address doesn't help another name, and the wrong name doesn't get the holder bothered.
        assert_eq!(check(&[holder("RN", "Smith", Some("r.chen@example.org"))]), "ask the office");
        assert_eq!(
            check(&[holder("LVN", "Chan", Some("c@example.org")), holder("RN", "Chen", Some("r.chen@example.org"))]),
            "proven"
        );
        assert_eq!(
            check(&[holder("LVN", "Chen", None), holder("RN", "Chen", Some("r.chen@example.org"))]),
            "ask the office"
        );
    }
}
