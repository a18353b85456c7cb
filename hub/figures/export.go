package figures

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Words are what people read in exported files.
type Words struct {
	// Title is above the table.
	Title string
	// Section and Row head the first two columns.
	Section, Row string
	// Columns are the headings of the columns, in their order.
	Columns []string
	// Secret stands for a secret number, None where there is none.
	Secret, None string
	// Notes are below the table.
	Notes []string
}

// decimal writes a value with a point for the fraction.
func decimal(v Value, unit string) string {
	if unit != UnitQuarters {
		return strconv.Itoa(v.N)
	}
	return strconv.FormatFloat(float64(v.N)/4, 'f', -1, 64)
}

func (g Grid) unit(row GridRow, column int) string {
	if g.Columns[column].Kind == ColumnChange {
		return UnitPercent
	}
	return row.Unit
}

// harmless keeps a spreadsheet from taking a text for a formula (CWE-1236). Numbers do not come through here.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

// CSV writes a grid as a French Excel opens it: UTF-8 with a byte order mark, semicolons, decimal commas, CR LF.
func (g Grid) CSV(w Words) ([]byte, error) {
	b := bytes.NewBufferString("\ufeff")
	out := csv.NewWriter(b)
	out.Comma, out.UseCRLF = ';', true
	record := func(cells ...string) error { return out.Write(cells) }
	text := func(all ...string) []string {
		safe := make([]string, len(all))
		for i, t := range all {
			safe[i] = harmless(t)
		}
		return safe
	}
	rows := [][]string{text(w.Title), text(append([]string{w.Section, w.Row}, w.Columns...)...)}
	for _, r := range g.Rows {
		row := text(r.Section, r.Title)
		for i, v := range r.Values {
			switch v.State {
			case StateNumber:
				row = append(row, strings.Replace(decimal(v, g.unit(r, i)), ".", ",", 1))
			case StateSecret:
				row = append(row, harmless(w.Secret))
			default:
				row = append(row, harmless(w.None))
			}
		}
		rows = append(rows, row)
	}
	for _, n := range w.Notes {
		rows = append(rows, text(n))
	}
	for _, r := range rows {
		if err := record(r...); err != nil {
			return nil, fmt.Errorf("writing the grid as CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return nil, fmt.Errorf("writing the grid as CSV: %w", err)
	}
	return b.Bytes(), nil
}

// XLSX writes a grid as an Excel workbook of one sheet: numbers as numbers, texts as texts, never a formula.
func (g Grid) XLSX(w Words) (_ []byte, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing the grid as XLSX: %w", err)
		}
	}()
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Grille"
	if err := f.SetSheetName(f.GetSheetName(0), sheet); err != nil {
		return nil, err
	}
	s := sheetWriter{f: f, sheet: sheet, width: len(g.Columns) + 2}
	title := s.style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	head := s.style(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E1EEF0"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
	})
	whole, hours := s.style(&excelize.Style{NumFmt: 3}), s.style(&excelize.Style{NumFmt: 4})
	right := s.style(&excelize.Style{Alignment: &excelize.Alignment{Horizontal: "right"}})
	s.text(title, w.Title)
	s.next()
	for _, t := range append([]string{w.Section, w.Row}, w.Columns...) {
		s.text(head, t)
	}
	s.next()
	for _, r := range g.Rows {
		s.text(0, r.Section)
		s.text(0, r.Title)
		for i, v := range r.Values {
			switch v.State {
			case StateNumber:
				if g.unit(r, i) == UnitQuarters {
					s.number(hours, float64(v.N)/4)
				} else {
					s.number(whole, v.N)
				}
			case StateSecret:
				s.text(right, w.Secret)
			default:
				s.text(right, w.None)
			}
		}
		s.next()
	}
	for _, n := range w.Notes {
		s.text(0, n)
		s.next()
	}
	s.widths(map[int]float64{1: 24, 2: 46}, 12)
	s.note(f.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: 2, TopLeftCell: "C3", ActivePane: "bottomRight"}))
	landscape, fit := "landscape", 1
	s.note(f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &fit}))
	if s.err != nil {
		return nil, s.err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// sheetWriter fills a sheet cell by cell and keeps the first error.
type sheetWriter struct {
	f                  *excelize.File
	sheet              string
	row, column, width int
	err                error
}

func (s *sheetWriter) note(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheetWriter) style(of *excelize.Style) int {
	id, err := s.f.NewStyle(of)
	s.note(err)
	return id
}

func (s *sheetWriter) next() { s.row, s.column = s.row+1, 0 }

func (s *sheetWriter) put(style int, set func(cell string) error) {
	s.column++
	cell, err := excelize.CoordinatesToCellName(s.column, s.row+1)
	s.note(err)
	if s.err != nil {
		return
	}
	s.note(set(cell))
	if style != 0 {
		s.note(s.f.SetCellStyle(s.sheet, cell, cell, style))
	}
}

func (s *sheetWriter) text(style int, text string) {
	s.put(style, func(cell string) error { return s.f.SetCellStr(s.sheet, cell, text) })
}

func (s *sheetWriter) number(style int, n any) {
	s.put(style, func(cell string) error { return s.f.SetCellValue(s.sheet, cell, n) })
}

func (s *sheetWriter) widths(some map[int]float64, others float64) {
	for c := 1; c <= s.width; c++ {
		name, err := excelize.ColumnNumberToName(c)
		s.note(err)
		width, ok := some[c]
		if !ok {
			width = others
		}
		s.note(s.f.SetColWidth(s.sheet, name, name, width))
	}
}
