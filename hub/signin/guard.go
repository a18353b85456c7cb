package signin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loiret.fr/visioborne/hub/account"
)

// textForbidden is read by whoever types the address of a page that is not for his role.
const textForbidden = "Votre compte ne donne pas accès à cette page. Demandez à l’administrateur du serveur, ou revenez à l’accueil : /"

// Require lets pass who has signed in and has one of the roles; administrators
// always. The request that passes carries the account (account.From). A page
// is sent to the sign-in and comes back from there; other requests get 401
// without a session and 403 without the role, each with what to do.
//
// A request that changes something (any but GET and HEAD) passes only from the hub's own pages.
func (s *SignIn) Require(next http.Handler, roles ...account.Role) http.Handler {
	return s.guard(next, false, roles...)
}

// guard is Require; oneTime lets pass who has to change his password first, too.
func (s *SignIn) guard(next http.Handler, oneTime bool, roles ...account.Role) http.Handler {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok, err := s.who(r.Context(), tokenOf(r))
		switch {
		case err != nil:
			s.unavailable(w, "finding a session", err)
		case !ok && isPage(r):
			http.Redirect(w, r, "/sign-in?"+url.Values{"then": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		case !ok:
			http.Error(w, "nobody has signed in, or the session is over; sign in at /sign-in", http.StatusUnauthorized)
		case !a.OneTime.IsZero() && !oneTime && isPage(r):
			http.Redirect(w, r, "/password", http.StatusSeeOther)
		case !a.OneTime.IsZero() && !oneTime:
			http.Error(w, "the password is for one use; change it at /password", http.StatusForbidden)
		case !a.Is(roles...):
			http.Error(w, textForbidden, http.StatusForbidden)
		default:
			next.ServeHTTP(w, r.WithContext(account.With(r.Context(), a)))
		}
	})
	same := sameOrigin(inner)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			inner.ServeHTTP(w, r)
			return
		}
		same.ServeHTTP(w, r)
	})
}

// isPage tells whether a browser would show the answer as a page.
func isPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// Present tells who makes a request, for what stays open longer than a request (a websocket): the account may be
// asked for again and again, and is nobody's any more when the session has ended or the account has lost the role.
func (s *SignIn) Present(ctx context.Context, token string, roles ...account.Role) (account.Account, bool, error) {
	a, ok, err := s.who(ctx, token)
	return a, ok && a.OneTime.IsZero() && a.Is(roles...), err
}

// Token is the session's token of a request, for Present; "" when it has none. It is a secret.
func Token(r *http.Request) string { return tokenOf(r) }

// who finds the account of a session's token; the zero Account when it is nobody's any more.
func (s *SignIn) who(ctx context.Context, token string) (account.Account, bool, error) {
	session, ok, err := s.options.Sessions.Find(ctx, token)
	if err != nil || !ok {
		return account.Account{}, false, err
	}
	a, known, err := s.options.Accounts.Find(session.User)
	if err != nil || !known || a.Disabled || a.Epoch != session.Epoch {
		return account.Account{}, false, err
	}
	if session.Provider {
		a.OneTime = time.Time{} // a one-time password need not be changed by who does not use it
	}
	return a, true, nil
}
