//! Every address of the accounts: how it is asked, by whom, and who answers.

use crate::{Shared, account, details, email, forgot, licences, login, sign_up, users};
use axum::{
    Router,
    routing::{MethodRouter, on},
};
use pages::{
    route::{Verb, guarded},
    visitor::Policy,
};

pages::routes! {
    /// The accounts' routes.
    pub enum Route {
        /// Sign Up, step 1.
        SignUp,
        /// Has the link sent to the address on file.
        AskToSignUp,
        /// The form of a provider that has another address now.
        OtherAddress,
        /// Asks the office to take another address.
        AskOtherAddress,
        /// Sign Up, step 2; opened by the link.
        Details,
        /// Makes the account.
        MakeAccount,
        /// CE Profile Login.
        Login,
        /// Logs in.
        LogIn,
        /// Logs out.
        LogOut,
        /// The form that asks for the link to a new password.
        Forgot,
        /// Has that link sent.
        AskReset,
        /// The form of a new password; opened by the link.
        Reset,
        /// Sets the new password.
        SetPassword,
        /// The page that a new address's link opens.
        VerifyEmail,
        /// Takes the new address.
        TakeEmail,
        /// The page that a licence's proof opens.
        VerifyLicence,
        /// Puts the licence on the account.
        TakeLicence,
        /// One's own account.
        Account,
        /// Changes the name.
        Rename,
        /// Changes the password.
        ChangePassword,
        /// Asks for another address.
        ChangeEmail,
        /// Has mail sent again to an address that it came back from.
        WriteAgain,
        /// Ends all sessions.
        SignOutEverywhere,
        /// What closing means.
        Closing,
        /// Closes the account.
        Close,
        /// One's own data.
        Export,
        /// Claims a licence.
        AddLicence,
        /// Takes a licence off the account.
        RemoveLicence,
        /// Asks the office about a licence.
        AskOfficeForLicence,
        /// The users of a provider or of the office.
        Users,
        /// Invites one.
        Invite,
        /// Takes an invitation back.
        WithdrawInvitation,
        /// Closes a user's account.
        RemoveUser,
        /// A provider's owner, as the office sees them.
        Owner,
        /// Closes the owner's account.
        CloseOwner,
        /// Invites another owner.
        InviteOwner,
        /// Takes such an invitation back.
        WithdrawOwner,
    }
}

impl Route {
    /// How it is asked.
    pub const fn verb(self) -> Verb {
        match self {
            Route::SignUp
            | Route::OtherAddress
            | Route::Details
            | Route::Login
            | Route::Forgot
            | Route::Reset
            | Route::VerifyEmail
            | Route::VerifyLicence
            | Route::Account
            | Route::Closing
            | Route::Export
            | Route::Users
            | Route::Owner => Verb::Get,
            Route::AskToSignUp
            | Route::AskOtherAddress
            | Route::MakeAccount
            | Route::LogIn
            | Route::LogOut
            | Route::AskReset
            | Route::SetPassword
            | Route::TakeEmail
            | Route::TakeLicence
            | Route::Rename
            | Route::ChangePassword
            | Route::ChangeEmail
            | Route::WriteAgain
            | Route::SignOutEverywhere
            | Route::Close
            | Route::AddLicence
            | Route::RemoveLicence
            | Route::AskOfficeForLicence
            | Route::Invite
            | Route::WithdrawInvitation
            | Route::RemoveUser
            | Route::CloseOwner
            | Route::InviteOwner
            | Route::WithdrawOwner => Verb::Post,
        }
    }

    /// Where it stands.
    pub const fn path(self) -> &'static str {
        match self {
            Route::SignUp | Route::AskToSignUp => "/sign-up",
            Route::OtherAddress | Route::AskOtherAddress => "/sign-up/other-address",
            Route::Details | Route::MakeAccount => "/sign-up/details",
            Route::Login | Route::LogIn => "/login",
            Route::LogOut => "/logout",
            Route::Forgot | Route::AskReset => "/forgot",
            Route::Reset | Route::SetPassword => "/reset",
            Route::VerifyEmail | Route::TakeEmail => "/verify-email",
            Route::VerifyLicence | Route::TakeLicence => "/verify-licence",
            Route::Account => "/account",
            Route::Rename => "/account/name",
            Route::ChangePassword => "/account/password",
            Route::ChangeEmail => "/account/email",
            Route::WriteAgain => "/account/write-again",
            Route::SignOutEverywhere => "/account/sign-out-everywhere",
            Route::Closing | Route::Close => "/account/close",
            Route::Export => "/account/export",
            Route::AddLicence => "/account/licences",
            Route::RemoveLicence => "/account/licences/remove",
            Route::AskOfficeForLicence => "/account/licences/ask",
            Route::Users => "/account/users",
            Route::Invite => "/account/users/invite",
            Route::WithdrawInvitation => "/account/users/withdraw",
            Route::RemoveUser => "/account/users/remove",
            Route::Owner => "/account/owner",
            Route::CloseOwner => "/account/owner/close",
            Route::InviteOwner => "/account/owner/invite",
            Route::WithdrawOwner => "/account/owner/withdraw",
        }
    }

    /// Who may use it.
    pub const fn policy(self) -> Policy {
        match self {
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
            | Route::TakeLicence => Policy::Public,
            Route::Account
            | Route::Rename
            | Route::ChangePassword
            | Route::ChangeEmail
            | Route::WriteAgain
            | Route::SignOutEverywhere
            | Route::Closing
            | Route::Close
            | Route::Export => Policy::SignedIn,
            Route::AddLicence | Route::RemoveLicence | Route::AskOfficeForLicence => Policy::Licensee,
            Route::Users | Route::Invite | Route::WithdrawInvitation | Route::RemoveUser => Policy::OwnerOrOffice,
            Route::Owner | Route::CloseOwner | Route::InviteOwner | Route::WithdrawOwner => Policy::Office,
        }
    }

    fn handler(self) -> MethodRouter<Shared> {
        let by = self.verb().filter();
        match self {
            Route::SignUp => on(by, sign_up::show),
            Route::AskToSignUp => on(by, sign_up::ask),
            Route::OtherAddress => on(by, sign_up::other_address::show),
            Route::AskOtherAddress => on(by, sign_up::other_address::ask),
            Route::Details => on(by, details::show),
            Route::MakeAccount => on(by, details::make),
            Route::Login => on(by, login::show),
            Route::LogIn => on(by, login::log_in),
            Route::LogOut => on(by, login::log_out),
            Route::Forgot => on(by, forgot::show),
            Route::AskReset => on(by, forgot::ask),
            Route::Reset => on(by, forgot::reset::show),
            Route::SetPassword => on(by, forgot::reset::set),
            Route::VerifyEmail => on(by, email::show),
            Route::TakeEmail => on(by, email::take),
            Route::VerifyLicence => on(by, licences::proof::show),
            Route::TakeLicence => on(by, licences::proof::take),
            Route::Account => on(by, account::show),
            Route::Rename => on(by, account::rename),
            Route::ChangePassword => on(by, account::change_password),
            Route::ChangeEmail => on(by, account::change_email),
            Route::WriteAgain => on(by, account::write_again::write_again),
            Route::SignOutEverywhere => on(by, account::sign_out_everywhere),
            Route::Closing => on(by, account::close::show),
            Route::Close => on(by, account::close::close),
            Route::Export => on(by, account::export::show),
            Route::AddLicence => on(by, licences::add),
            Route::RemoveLicence => on(by, licences::remove),
            Route::AskOfficeForLicence => on(by, licences::ask_office),
            Route::Users => on(by, users::show),
            Route::Invite => on(by, users::invite),
            Route::WithdrawInvitation => on(by, users::withdraw),
            Route::RemoveUser => on(by, users::remove),
            Route::Owner => on(by, users::owner::show),
            Route::CloseOwner => on(by, users::owner::close),
            Route::InviteOwner => on(by, users::owner::invite),
            Route::WithdrawOwner => on(by, users::owner::withdraw),
        }
    }
}

/// Every route behind its policy.
pub(crate) fn router() -> Router<Shared> {
    Route::ALL
        .iter()
        .fold(Router::new(), |router, route| router.route(route.path(), guarded(route.handler(), route.policy())))
}
