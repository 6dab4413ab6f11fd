//! The accounts' doors: every route, asked by everybody. The portal's own are asked in its tests; here the deployed stack is,
//! with accounts that were made for it.

use adapters::table::accounts::{Made, NewAccount, Proof};
use adapters::{clients::Clients, config::Settings};
use axum::body::Body;
use domain::{
    account::{Account, Rank, Role, Username},
    course::ProviderId,
    email::EmailAddress,
    id::AccountId,
    link::Purpose,
    name::PersonName,
};
use http_body_util::BodyExt;
use local::{Cloud, person::Person};
use pages::visitor::session_cookie;
use sign_up::{Hasher, Limits, Route};
use std::sync::Arc;
use tests::{
    cloud,
    connector::{Watch, watched},
    http::ask,
};
use tower::ServiceExt;

/// Who asks: nobody, two licensees, a provider's owner and member, another provider's owner, the office, and an owner whose
/// session has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    LicenseeA,
    LicenseeB,
    OwnerA,
    MemberA,
    OwnerB,
    Office,
    Expired,
}

const ALL: [Who; 8] =
    [Who::Nobody, Who::LicenseeA, Who::LicenseeB, Who::OwnerA, Who::MemberA, Who::OwnerB, Who::Office, Who::Expired];

impl Who {
    fn role(self) -> Option<Role> {
        let of = |id: &str, rank| Some(Role::Provider { provider: ProviderId::parse(id).unwrap(), rank });
        match self {
            Who::Nobody => None,
            Who::LicenseeA | Who::LicenseeB => Some(Role::Licensee),
            Who::OwnerA => of("doors-a", Rank::Owner),
            Who::MemberA => of("doors-a", Rank::Member),
            Who::OwnerB => of("doors-b", Rank::Owner),
            Who::Expired => of("doors-c", Rank::Owner),
            Who::Office => Some(Role::Office),
        }
    }

    fn account(self) -> Option<Account> {
        let role = self.role()?;
        let stem = format!("doors.{self:?}").to_lowercase();
        Some(Account {
            id: AccountId::of(&["doors", &stem]),
            username: Username::parse(&stem).unwrap(),
            email: EmailAddress::parse(&format!("{stem}@people.example")).unwrap(),
            email_to_come: None,
            mail_trouble: None,
            name: PersonName { first: format!("{self:?}"), last: "Canary".to_owned() },
            role,
            epoch: 0,
            created_at: 0,
            version: 1,
        })
    }

    /// Makes the account.
    async fn sign_up(self, clients: &Clients) {
        let (Some(account), table) = (self.account(), &clients.table) else { return };
        let hash = adapters::random::Secret::new().unwrap().hash();
        let purpose = Purpose::SignUpLicensee { email: account.email.clone(), licence: None };
        table.save_link(&hash, &purpose, i64::MAX / 2).await.unwrap();
        let new = NewAccount { account: &account, password_hash: "x", link: &hash, proof: &Proof::Address, mails: &[] };
        assert_eq!(table.make_account(&new, 1).await.unwrap(), Made::Now);
    }

    /// A new session of the account as it stands, as a cookie.
    async fn cookie(self, clients: &Clients) -> String {
        let Some(account) = self.account() else { return String::new() };
        let table = &clients.table;
        let account = table.fetch_account(&account.id).await.unwrap().unwrap();
        let secret = adapters::random::Secret::new().unwrap();
        let hash = secret.hash();
        let began = if self == Who::Expired { 1 } else { adapters::clock::now() };
        table.begin_session(&account, &hash, &hash, "tests", began).await.unwrap();
        format!("__Host-session={}", session_cookie(&account.id, &secret))
    }

    fn is_signed_in(self) -> bool {
        !matches!(self, Who::Nobody | Who::Expired)
    }
}

/// Whether a route is for this visitor: the test's own list, not the code's.
fn is_for(route: Route, who: Who) -> bool {
    match route {
        Route::SignUp
        | Route::AskToSignUp
        | Route::OtherAddress
        | Route::AskOtherAddress
        | Route::Details
        | Route::MakeAccount
        | Route::Login
        | Route::LogIn
        | Route::LogOut
        | Route::Forgot
        | Route::AskReset
        | Route::Reset
        | Route::SetPassword
        | Route::VerifyEmail
        | Route::TakeEmail
        | Route::VerifyLicence
        | Route::TakeLicence => true,
        Route::Account
        | Route::Rename
        | Route::ChangePassword
        | Route::ChangeEmail
        | Route::WriteAgain
        | Route::SignOutEverywhere
        | Route::Closing
        | Route::Close
        | Route::Export => who.is_signed_in(),
        Route::AddLicence | Route::RemoveLicence | Route::AskOfficeForLicence => {
            matches!(who, Who::LicenseeA | Who::LicenseeB)
        }
        Route::Users | Route::Invite | Route::WithdrawInvitation | Route::RemoveUser => {
            matches!(who, Who::OwnerA | Who::OwnerB | Who::Office)
        }
        Route::Owner | Route::CloseOwner | Route::InviteOwner | Route::WithdrawOwner => who == Who::Office,
    }
}

async fn deployed() -> (&'static Cloud, Clients) {
    let cloud = tokio::task::spawn_blocking(cloud).await.unwrap();
    (cloud, cloud.clients().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_accounts_lets_in_whom_it_is_for_and_nobody_else() {
    let (cloud, clients) = deployed().await;
    let base = cloud.portal_url().unwrap();
    for who in ALL {
        who.sign_up(&clients).await;
    }
    for route in Route::ALL {
        for who in ALL {
            // A session for each: some routes end them.
            let cookie = who.cookie(&clients).await;
            let method = route.verb().method();
            let headers =
                [("cookie", cookie.as_str()), ("origin", base), ("content-type", "application/x-www-form-urlencoded")];
            // No field is sent: who is let in gets no further than the form.
            let answer = ask(method.as_str(), &format!("{base}{}", route.path()), &headers, Vec::new()).await;
            let refused = match (method.as_str(), answer.status) {
                (_, 403) => true,
                ("GET", 303) => answer.header("location").starts_with("/login?next="),
                _ => false,
            };
            assert_eq!(!refused, is_for(*route, who), "{route:?} by {who:?}: {}", answer.status);
            for other in ALL.into_iter().filter(|other| *other != who && other.is_signed_in()) {
                // Users of the same provider or of the office know one another.
                let may_know = *route == Route::Users
                    && other.role().map(|r| format!("{r:?}").replace("Member", "Owner"))
                        == who.role().map(|r| format!("{r:?}").replace("Member", "Owner"));
                let canary = format!("{other:?} Canary");
                assert!(may_know || !answer.text().contains(&canary), "{route:?} tells {who:?} of {other:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_account_is_changed_from_elsewhere() {
    let (cloud, _) = deployed().await;
    let base = cloud.portal_url().unwrap();
    let mut maria = Person::at(base);
    maria.post("/login", &[("username", "maria"), ("password", local::demo::DEMO_PASSWORD)]).await.unwrap();
    let cookie = maria.cookie();
    for route in Route::ALL.iter().filter(|route| route.verb().method() == http::Method::POST) {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
            let headers = [
                ("cookie", cookie.as_str()),
                ("origin", origin),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            let answer = ask("POST", &format!("{base}{}", route.path()), &headers, Vec::new()).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (403, ""), "{route:?} from {origin}");
        }
    }
    assert_eq!(maria.get("/account").await.unwrap().status, 200, "still logged in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nobody_has_costs_the_same_calls_as_one_that_somebody_has() {
    let (cloud, _) = deployed().await;
    let environment = cloud.environment();
    let settings = Settings::read(|name| environment.get(name).cloned()).unwrap();
    let watch = Arc::new(Watch::default());
    let shared = cloud.sdk_config().await.into_builder().http_client(watched(Arc::clone(&watch))).build();
    let clients = Clients::from_config(&settings, &shared);
    let table = clients.table.clone();
    let hasher = Arc::new(Hasher::default());
    let router = sign_up::router(&settings, clients, Limits::read(|_| None), Arc::clone(&hasher)).unwrap();
    let send = async |path: &str, form: &str| {
        watch.reset();
        let hashes = hasher.worked();
        let request = http::Request::post(path)
            .header("origin", &settings.public_base_url)
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = router.clone().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(text.to_vec()).unwrap(), (watch.total(), hasher.worked() - hashes))
    };
    let known = send("/login", "username=maria&password=wrong+wrong+wrong+wrong").await;
    let unknown = send("/login", "username=marib&password=wrong+wrong+wrong+wrong").await;
    assert_eq!((known.0, known.2), (unknown.0, unknown.2), "login");
    assert_eq!(known.1.replace("maria", "*"), unknown.1.replace("marib", "*"));
    assert!(known.2.0 >= 5 && known.2.1 == 1, "the calls and the hashes were counted: {:?}", known.2);
    for (path, known, unknown) in [
        ("/forgot", "email=maria.garcia%40people.example", "email=maria.garcib%40people.example"),
        ("/sign-up", "who=provider&license_number=CEP-1002", "who=provider&license_number=CEP-9998"),
        (
            "/sign-up",
            "who=licensee&license_number=&email=maria.garcia%40people.example",
            "who=licensee&license_number=&email=maria.garcic%40people.example",
        ),
    ] {
        let (known, unknown) = (send(path, known).await, send(path, unknown).await);
        assert_eq!(known, unknown, "{path}");
        assert_eq!(known.0, 200, "{path}: {}", known.1);
    }
    // And so does an address that has had its day's mails.
    let ask = "email=maria.garcia%40people.example";
    let before = send("/forgot", ask).await;
    let (limit, now) = (Limits::read(|_| None).mails_to_address_of_all, adapters::clock::now());
    for occasion in 0..i64::from(limit.most) {
        table.count_occasion(&limit, "forgot maria.garcia@people.example", occasion, now).await.unwrap();
    }
    assert_eq!(send("/forgot", ask).await, before, "past the day's mails");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_may_try_so_often_and_no_more() {
    let (cloud, clients) = deployed().await;
    let environment = cloud.environment();
    let settings = Settings::read(|name| environment.get(name).cloned()).unwrap();
    let limits = Limits::read(|name| (name == "ATTEMPTS_BY_NETWORK").then(|| "3".to_owned()));
    let router = sign_up::router(&settings, clients, limits, Arc::default()).unwrap();
    let mut last = Vec::new();
    for attempt in 0..5 {
        let request = http::Request::post("/login")
            .header("origin", &settings.public_base_url)
            .header("content-type", "application/x-www-form-urlencoded");
        // Another username each time: only the network is the same.
        let form = Body::from(format!("username=nobody.{attempt}&password=wrong+wrong+wrong+wrong"));
        last.push(router.clone().oneshot(request.body(form).unwrap()).await.unwrap().status().as_u16());
    }
    assert_eq!(last[4], 429, "{last:?}");
}
