package figures

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The document names the test of each attack: each must be there.
func TestTheDocumentsTestsExist(t *testing.T) {
	document, err := os.ReadFile("../../docs/anonymisation.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, pattern := range []string{"*_test.go", "*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(text)
		}
	}
	named := regexp.MustCompile("`((Test|Fuzz)[A-Za-z]+)`").FindAllStringSubmatch(string(document), -1)
	if len(named) < 10 {
		t.Errorf("the document names %d tests", len(named))
	}
	for _, n := range named {
		if !strings.Contains(tests.String(), "\nfunc "+n[1]+"(") {
			t.Errorf("the document names %s, which is no test", n[1])
		}
	}
}
