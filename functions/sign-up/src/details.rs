//! Sign Up, step 2: username, password and email, behind the link that proves who signs up.

use crate::{
    Door, Shared,
    account::write_again::note_proven,
    first_page,
    licences::claim,
    links::{self, Opened},
    login::begin_session,
    password::Password,
    trouble,
    view::FormPage,
};
use adapters::{
    clock,
    random::{self, Secret, SecretHash},
    table::accounts::{Made, NewAccount, Proof},
};
use axum::{extract::State, response::Response};
use domain::{
    account::{Account, Rank, Role, Username, parse_name},
    email::EmailAddress,
    licence::LicenceNumber,
    link::Purpose,
    mail::Mail,
    name::PersonName,
};
use http::HeaderMap;
use pages::{
    cookie,
    field::{Field, any_wrong},
    form::{Form, Query},
    layout::Section,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// What a link lets one become.
struct Admission {
    role: Role,
    proof: Proof,
    /// The address that the link reached.
    email: EmailAddress,
    /// The provider's name.
    provider: Option<String>,
    /// The license that was given at step 1.
    licence: Option<LicenceNumber>,
}

async fn admit(door: &Door, purpose: Purpose) -> Result<Option<Admission>, Problem> {
    let name_of = async |provider| {
        let found = door.clients.table.fetch_provider(provider).await.map_err(trouble::table)?;
        Ok::<_, Problem>(found.map(|found| found.value.name))
    };
    Ok(match purpose {
        Purpose::SignUpProvider { provider, email } => {
            let found = door.clients.table.fetch_provider(&provider).await.map_err(trouble::table)?;
            let today = door.today(clock::now());
            // The office may have corrected the address, or ended the licence, since the mail was sent.
            let still = found.map(|found| found.value).filter(|entry| {
                let on_file = entry.email_on_file.as_ref();
                on_file.is_some_and(|on_file| on_file.compared() == email.compared()) && entry.active_on(today)
            });
            let role = Role::Provider { provider, rank: Rank::Owner };
            still.map(|entry| Admission {
                role,
                proof: Proof::AddressOnFile,
                email,
                provider: Some(entry.name),
                licence: None,
            })
        }
        Purpose::SignUpLicensee { email, licence } => {
            let licence = licence.and_then(|text| LicenceNumber::parse(&text).ok());
            Some(Admission { role: Role::Licensee, proof: Proof::Address, email, provider: None, licence })
        }
        Purpose::Invitation { invitation, provider, rank, email } => {
            let name = match &provider {
                Some(provider) => name_of(provider).await?,
                None => None,
            };
            let role = provider.map_or(Role::Office, |provider| Role::Provider { provider, rank });
            Some(Admission { role, proof: Proof::Invitation(invitation), email, provider: name, licence: None })
        }
        Purpose::Reset { .. }
        | Purpose::ChangeEmail { .. }
        | Purpose::ProveLicence { .. }
        | Purpose::StopReminders { .. } => None,
    })
}

/// The form of step 2.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetailsForm {
    first_name: String,
    last_name: String,
    username: String,
    password: String,
    email: String,
    /// The link that the form was shown for.
    link: String,
}

fn form(door: &Door, visitor: &Visitor, link: &SecretHash, admission: &Admission, typed: &DetailsForm) -> FormPage {
    let name_hint = match admission.role {
        Role::Licensee => "As it stands on your license: certificates will print it.",
        Role::Provider { .. } | Role::Office => "Your own, so that others know who did what.",
    };
    let fields = vec![
        Field::text("first_name", "First Name", "given-name").holding(&typed.first_name).with_hint(name_hint),
        Field::text("last_name", "Last Name", "family-name").holding(&typed.last_name),
        Field::text("username", "Username", "username").holding(&typed.username).with_hint("3 to 64 letters, digits and . _ - @ +"),
        Field::password("password", "Password", "new-password")
            .with_hint("15 characters or more. Four or five unrelated words are easy to remember and hard to guess; nothing else is asked of it."),
        Field::email("email", "Email")
            .holding(&typed.email)
            .with_hint("The address that the link reached is confirmed already. Another one takes its place once you open the link that we send there."),
    ];
    let lead = match (&admission.role, &admission.provider) {
        (Role::Provider { rank: Rank::Owner, .. }, Some(name)) => {
            format!("You are signing up for {name}, as its owner.")
        }
        (Role::Provider { .. }, Some(name)) => format!("You are invited to work with {name}."),
        (Role::Provider { .. }, None) => "You are signing up for a provider.".to_owned(),
        (Role::Office, _) => "You are invited to work in the office.".to_owned(),
        (Role::Licensee, _) => "You are signing up as a licensee.".to_owned(),
    };
    let page = door.page("Sign Up", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    FormPage::new(page, "/sign-up/details", "Sign Up", fields).lead(&[&lead]).of_link(link)
}

/// `GET /sign-up/details`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(opened): Query<Opened>,
) -> Result<Response, Problem> {
    if let Some(on) = links::carry(&opened, "/sign-up/details")? {
        return Ok(on);
    }
    let Some((link, purpose)) = links::fetch_held(&door, &headers).await? else { return links::dead(&door, &visitor) };
    let Some(admission) = admit(&door, purpose).await? else { return links::dead(&door, &visitor) };
    let typed = DetailsForm { email: admission.email.shown().to_owned(), ..DetailsForm::default() };
    form(&door, &visitor, &link, &admission, &typed).show()
}

/// `POST /sign-up/details`
pub(crate) async fn make(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(typed): Form<DetailsForm>,
) -> Result<Response, Problem> {
    let held = links::fetch_held(&door, &headers).await?.filter(|(link, _)| link.as_str() == typed.link);
    let Some((link, purpose)) = held else { return links::dead(&door, &visitor) };
    let Some(admission) = admit(&door, purpose).await? else { return links::dead(&door, &visitor) };
    let mut page = form(&door, &visitor, &link, &admission, &typed);
    let password = Password::typed(&typed.password);
    let own_words = [
        typed.first_name.as_str(),
        &typed.last_name,
        &typed.username,
        &typed.email,
        admission.provider.as_deref().unwrap_or_default(),
        &visitor.organisation.name,
        admission.licence.as_ref().map(LicenceNumber::shown).unwrap_or_default(),
    ];
    let (first, last) = (parse_name(&typed.first_name), parse_name(&typed.last_name));
    let (username, email) = (Username::parse(&typed.username), EmailAddress::parse(&typed.email));
    let wrong = [
        first.is_none().then_some("Type your first name."),
        last.is_none().then_some("Type your last name."),
        username.is_err().then_some("Take 3 to 64 letters, digits and . _ - @ +"),
        password.judge(&own_words).err().map(crate::password::Weakness::text),
        email.is_err().then_some("This can't be an email address. Check it for a missing @ or a space."),
    ];
    page.fields = page.fields.into_iter().zip(wrong).map(|(field, wrong)| field.with_error(wrong)).collect();
    let (Some(first), Some(last), Ok(username), Ok(email), false) =
        (first, last, username, email, any_wrong(&page.fields))
    else {
        return page.refuse();
    };
    let now = clock::now();
    let (account, mails) = plan(&admission, PersonName { first, last }, username, email, now)?;
    match save(&door, &account, &password, &link, &admission.proof, &mails, now).await? {
        Made::Now => {}
        Made::LinkUsed | Made::NoLongerOpen => return links::dead(&door, &visitor),
        Made::UsernameTaken => {
            let field = page.fields.remove(2).with_error(Some("This username is taken. Choose another one."));
            page.fields.insert(2, field);
            return page.refuse();
        }
        Made::EmailTaken => {
            page.wrong = Some(fetch_taken(&door, &admission).await?);
            return page.ways(&WAYS_IF_TAKEN[..if is_owner(&admission) { 3 } else { 2 }]).refuse();
        }
    }
    tracing::info!(account = %account.id, kind = account.role.kind(), "account.made: somebody signed up");
    note_proven(&door, &account.email).await;
    door.nudge(&mails).await;
    if let Some(number) = &admission.licence {
        // The account is there: a claim that fails is made again on its page.
        if claim(&door, &account, number, now).await.is_err() {
            tracing::warn!(account = %account.id, "licence.claim_failed: at sign-up");
        }
    }
    let device = cookie::DEVICE.read(&headers).and_then(Secret::parse);
    let first = if is_asked_to_confirm(&door, &account).await { "/wallet/events" } else { first_page(&account) };
    begin_session(&door, &account, device, &headers, first, now).await
}

/// Whether a provider has put the account's address down for an event: whoever signs up for that has to find it. What can't be
/// asked now stands in My Events all the same.
async fn is_asked_to_confirm(door: &Door, account: &Account) -> bool {
    if account.role != Role::Licensee {
        return false;
    }
    let listed = door.clients.table.fetch_expected_of(&account.email, None, 1).await;
    listed.is_ok_and(|(found, _)| !found.is_empty())
}

const WAYS_IF_TAKEN: [(&str, &str); 3] = [
    ("/login", "CE Profile Login"),
    ("/forgot", "Have the username and the link to a new password sent"),
    ("/sign-up/other-address", "Ask the office to take another address for the provider"),
];

fn is_owner(admission: &Admission) -> bool {
    matches!(admission.role, Role::Provider { rank: Rank::Owner, .. })
}

/// What to do about an address that has an account of this kind. Only who reads that address gets as far as this: the link
/// went there, so its own account's name is no secret here.
async fn fetch_taken(door: &Door, admission: &Admission) -> Result<String, Problem> {
    let known = door.clients.table.fetch_accounts_of(&admission.email).await.map_err(trouble::table)?;
    let account = known.into_iter().find(|account| account.role.kind() == admission.role.kind());
    let provider = match account.as_ref().map(|account| &account.role) {
        Some(Role::Provider { provider, .. }) => {
            door.clients.table.fetch_provider(provider).await.map_err(trouble::table)?.map(|found| found.value.name)
        }
        Some(Role::Licensee | Role::Office) | None => None,
    };
    Ok(taken(admission, account.as_ref().map(|account| account.username.shown()), provider.as_deref()))
}

fn taken(admission: &Admission, username: Option<&str>, works_for: Option<&str>) -> String {
    let address = admission.email.shown();
    let account = username.map_or_else(|| "an account".to_owned(), |username| format!("the account {username}"));
    let works_for = works_for.map(|name| format!(" of {name}")).unwrap_or_default();
    let provider = admission.provider.as_deref().unwrap_or("the provider");
    let to_do = match admission.role {
        Role::Provider { rank: Rank::Owner, .. } => format!(
            "To work for {provider} as well, ask the office to take another address for it, and sign up with that one."
        ),
        Role::Provider { rank: Rank::Member, .. } => {
            format!("To work for {provider} as well, ask its owner to invite you at another address.")
        }
        Role::Office => "If you need another one, ask the office to invite you at another address.".to_owned(),
        Role::Licensee => "Your licenses and courses belong on it.".to_owned(),
    };
    format!(
        "{address} has {account}{works_for} already, and an address can have one account of this kind. Log in with it. {to_do}"
    )
}

/// The account, and the mails that go out with it. The address that the link reached is proven; another one has to be.
fn plan(
    admission: &Admission,
    name: PersonName,
    username: Username,
    email: EmailAddress,
    now: i64,
) -> Result<(Account, Vec<Mail>), Problem> {
    let is_another = email.compared() != admission.email.compared();
    let account = Account {
        id: random::account_id().map_err(trouble::chance)?,
        username,
        email: admission.email.clone(),
        email_to_come: is_another.then(|| email.clone()),
        mail_trouble: None,
        name,
        role: admission.role.clone(),
        epoch: 0,
        created_at: now,
        version: 1,
    };
    let mails = if is_another { vec![crate::email::verification(&account, email, now)] } else { Vec::new() };
    Ok((account, mails))
}

async fn save(
    door: &Door,
    account: &Account,
    password: &Password,
    link: &SecretHash,
    proof: &Proof,
    mails: &[Mail],
    now: i64,
) -> Result<Made, Problem> {
    let hash = password.hash(&door.hasher).map_err(trouble::hash)?;
    let new = NewAccount { account, password_hash: &hash, link, proof, mails };
    door.clients.table.make_account(&new, now).await.map_err(trouble::table)
}
