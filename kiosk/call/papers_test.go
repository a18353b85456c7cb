package call

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// picture is a JPEG of a size.
func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPapers(t *testing.T) {
	small := picture(t, 60, 80)
	page := func(page, pages, bytes int) string {
		return fmt.Sprintf(`{"kind":"page","page":%d,"pages":%d,"bytes":%d}`, page, pages, bytes)
	}
	for _, c := range []struct {
		name string
		say  string
		send []byte
		want Event
		err  string
	}{
		{"a page", page(2, 3, len(small)), small, Paper{2, 3, small}, ""},
		{"less than was said", page(1, 1, len(small)+1), small, nil, ""},
		{"more than was said", page(1, 1, len(small)-1), small, nil, "larger than was said"},
		{"too much", page(1, 1, maxPaper+1), nil, nil, "expected up to 500 pages"},
		{"a page after the last", page(4, 3, 10), nil, nil, "page 4 of 3"},
		{"too many pages", page(1, 501, 10), nil, nil, "page 1 of 501"},
		{"no picture", page(1, 1, 5), []byte("%PDF-"), nil, "expected a JPEG"},
		{"a picture that fills the memory", page(1, 1, len(picture(t, 4001, 1))), picture(t, 4001, 1), nil, "4001 by 1 pixels"},
		{"something else", `{"kind":"script"}`, nil, nil, `kind "script" is unknown`},
		{"nonsense", `page`, nil, nil, "invalid character"},
		{"away", `{"kind":"clear"}`, nil, PaperGone{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var a papers
			// A page before that was not sent to its end.
			if _, err := a.take(true, []byte(page(1, 1, 1000))); err != nil {
				t.Fatal(err)
			}
			if e, err := a.take(false, make([]byte, 999)); e != nil || err != nil {
				t.Fatalf("%v, %v", e, err)
			}
			got, err := a.take(true, []byte(c.say))
			for rest := c.send; err == nil && len(rest) > 0; {
				n := min(100, len(rest))
				if got, err = a.take(false, rest[:n]); err != nil && len(rest) > n {
					break
				}
				rest = rest[n:]
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.err == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v; want %q", err, c.err)
			}
			if err != nil && len(a.got) != 0 {
				t.Errorf("%d bytes are kept after an error", len(a.got))
			}
		})
	}
}

func FuzzPapers(f *testing.F) {
	small := picture(f, 60, 80)
	f.Add([]byte(fmt.Sprintf(`{"kind":"page","page":1,"pages":1,"bytes":%d}`, len(small))), small)
	f.Add([]byte(`{"kind":"clear"}`), []byte{})
	f.Fuzz(func(t *testing.T, say, send []byte) {
		var a papers
		_, _ = a.take(true, say)
		e, err := a.take(false, send)
		if len(a.got) > maxPaper {
			t.Errorf("%d bytes are kept", len(a.got))
		}
		if p, ok := e.(Paper); ok && (err != nil || len(p.JPEG) > maxPaper || p.Page < 1 || p.Page > p.Pages) {
			t.Errorf("%+v, %v", p, err)
		}
	})
}
