// Reads a node's public ledger with Go's own transparency log packages, which know nothing of Yitong.
//
//	ledger_reader read URL KEY KEPT-NOTE-FILE   walk the whole log over HTTP
//	ledger_reader judge KEY                     one JSON question a line, one JSON verdict a line
//
// Built against Debian's golang-golang-x-mod-dev; nothing is downloaded. It exits with 1 and says why as soon as
// anything does not fit.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

// openCheckpoint accepts a note only with a valid signature by the key, and only in the three lines of C2SP's
// tlog-checkpoint. sumdb's own tree note has another first line, so the text is read here.
func openCheckpoint(signed []byte, verifier note.Verifier) (checkpoint, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return checkpoint{}, errors.New("the note is no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, fmt.Errorf("no size: %q", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return checkpoint{}, fmt.Errorf("no root: %q", lines[2])
	}
	found := checkpoint{origin: lines[0], size: size}
	copy(found.root[:], root)
	return found, nil
}

type node struct {
	url    string
	client *http.Client
	tiles  int
}

func (n *node) get(path string) ([]byte, error) {
	answer, err := n.client.Get(n.url + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<24))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return body, nil
}

// tilePath turns sumdb's path (tile/8/0/x001/067.p/5, tile/8/data/…) into that of C2SP's tlog-tiles, which fixes the
// height and calls the data of the leaves "entries".
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if strings.HasPrefix(path, "data/") {
		path = "entries/" + strings.TrimPrefix(path, "data/")
	}
	return "/ledger/tile/" + path
}

// The four methods of tlog.TileReader, by which tlog.TileHashReader fetches tiles and proves each against the root.

func (n *node) Height() int { return height }

func (n *node) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, 0, len(tiles))
	for _, tile := range tiles {
		data, err := n.get(tilePath(tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", tilePath(tile), len(data))
		}
		n.tiles++
		found = append(found, data)
	}
	return found, nil
}

func (n *node) SaveTiles([]tlog.Tile, [][]byte) {}

// bundle is the entries of one leaf tile: each line after its length as two bytes.
func (n *node) bundle(number int64, width int) ([][]byte, error) {
	data, err := n.get(tilePath(tlog.Tile{H: height, L: -1, N: number, W: width}))
	if err != nil {
		return nil, err
	}
	lines := make([][]byte, 0, width)
	for len(data) >= 2 {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, fmt.Errorf("bundle %d is cut short", number)
		}
		lines = append(lines, data[2:2+length])
		data = data[2+length:]
	}
	if len(data) != 0 || len(lines) != width {
		return nil, fmt.Errorf("bundle %d has %d entries, not %d", number, len(lines), width)
	}
	return lines, nil
}

func (n *node) proof(path string) ([]tlog.Hash, error) {
	body, err := n.get(path)
	if err != nil {
		return nil, err
	}
	var said struct {
		Path []string `json:"path"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, err
	}
	return hashes(said.Path)
}

func hashes(texts []string) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		raw, err := hex.DecodeString(text)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("no hash: %q", text)
		}
		copy(found[i][:], raw)
	}
	return found, nil
}

// rebuilt computes the log anew from the entries alone, as tlog stores it.
type rebuilt []tlog.Hash

func (r rebuilt) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = r[index]
	}
	return found, nil
}

// walk reads every bundle, rebuilds the tree from its entries and compares the root with the signed one.
func (n *node) walk(signed checkpoint) (rebuilt, error) {
	var stored rebuilt
	for start := int64(0); start < signed.size; start += 1 << height {
		width := 1 << height
		if left := signed.size - start; left < int64(width) {
			width = int(left)
		}
		lines, err := n.bundle(start>>height, width)
		if err != nil {
			return nil, err
		}
		for i, line := range lines {
			added, err := tlog.StoredHashesForRecordHash(start+int64(i), tlog.RecordHash(line), stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, added...)
		}
	}
	root, err := tlog.TreeHash(signed.size, stored)
	if err == nil && root != signed.root {
		err = errors.New("the entries do not give the signed root")
	}
	return stored, err
}

// checkTiles lets tlog prove leaves through tiles, and the leaf found there must be that of the entry.
func (n *node) checkTiles(signed checkpoint, stored rebuilt, leaves []int64) error {
	reader := tlog.TileHashReader(tlog.Tree{N: signed.size, Hash: signed.root}, n)
	for _, leaf := range leaves {
		index := tlog.StoredHashIndex(0, leaf)
		found, err := reader.ReadHashes([]int64{index})
		if err != nil {
			return fmt.Errorf("tiles of leaf %d: %w", leaf, err)
		}
		if found[0] != stored[index] {
			return fmt.Errorf("leaf %d differs between tile and bundle", leaf)
		}
		proof, err := tlog.ProveRecord(signed.size, leaf, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, signed.size, signed.root, leaf, found[0]); err != nil {
			return err
		}
	}
	return nil
}

// checkProofs asks the node itself for proofs.
func (n *node) checkProofs(signed checkpoint, stored rebuilt, leaves []int64) error {
	for _, leaf := range leaves {
		proof, err := n.proof(fmt.Sprintf("/ledger/proof/inclusion?index=%d&size=%d", leaf, signed.size))
		if err != nil {
			return err
		}
		hash := stored[tlog.StoredHashIndex(0, leaf)]
		if err := tlog.CheckRecord(proof, signed.size, signed.root, leaf, hash); err != nil {
			return fmt.Errorf("inclusion of %d: %w", leaf, err)
		}
	}
	return nil
}

func (n *node) checkConsistency(old, signed checkpoint) error {
	proof, err := n.proof(fmt.Sprintf("/ledger/proof/consistency?old=%d&new=%d", old.size, signed.size))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, signed.size, signed.root, old.size, old.root)
}

// checkHistory computes roots of earlier sizes here, from the entries, and asks the node to connect them.
func (n *node) checkHistory(signed checkpoint, stored rebuilt) error {
	for _, last := range some(signed.size) {
		root, err := tlog.TreeHash(last+1, stored)
		if err != nil {
			return err
		}
		earlier := checkpoint{size: last + 1, root: root}
		if err := n.checkConsistency(earlier, signed); err != nil {
			return fmt.Errorf("consistency of %d: %w", earlier.size, err)
		}
		if err := n.checkProofs(earlier, stored, some(earlier.size)); err != nil {
			return err
		}
	}
	return nil
}

// some leaves of a log: both ends, both sides of tile borders, and some between.
func some(size int64) []int64 {
	var found []int64
	for _, leaf := range []int64{0, 1, 255, 256, size / 3, size / 2, 65535, 65536, size - 2, size - 1} {
		if leaf >= 0 && leaf < size && (len(found) == 0 || leaf > found[len(found)-1]) {
			found = append(found, leaf)
		}
	}
	return found
}

func read(url string, verifier note.Verifier, keptFile string) error {
	n := &node{url: url, client: &http.Client{Timeout: time.Minute}}
	body, err := n.get("/ledger/checkpoint")
	if err != nil {
		return err
	}
	signed, err := openCheckpoint(body, verifier)
	if err != nil {
		return err
	}
	stored, err := n.walk(signed)
	if err != nil {
		return err
	}
	leaves := some(signed.size)
	if err := n.checkTiles(signed, stored, leaves); err != nil {
		return err
	}
	if err := n.checkProofs(signed, stored, leaves); err != nil {
		return err
	}
	if err := n.checkHistory(signed, stored); err != nil {
		return err
	}
	kept, err := os.ReadFile(keptFile)
	if err != nil {
		return err
	}
	old, err := openCheckpoint(kept, verifier)
	if err != nil {
		return fmt.Errorf("the kept checkpoint: %w", err)
	}
	if err := n.checkConsistency(old, signed); err != nil {
		return fmt.Errorf("consistency with the kept checkpoint: %w", err)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"origin": signed.origin, "size": signed.size, "leaves": len(leaves), "tiles": n.tiles,
	})
}

type question struct {
	Note  []byte   `json:"note"` // base64 in JSON
	Line  []byte   `json:"line"`
	Path  []string `json:"path"`
	Index int64    `json:"index"`
	Size  int64    `json:"size"`
	Root  string   `json:"root"`
	Old   int64    `json:"old"`
	Was   string   `json:"was"`
}

func verdict(asked question, verifier note.Verifier) error {
	if asked.Note != nil {
		_, err := openCheckpoint(asked.Note, verifier)
		return err
	}
	found, err := hashes(append([]string{asked.Root, asked.Was}, asked.Path...))
	if err != nil {
		return err
	}
	root, was, path := found[0], found[1], found[2:]
	if asked.Line != nil {
		return tlog.CheckRecord(path, asked.Size, root, asked.Index, tlog.RecordHash(asked.Line))
	}
	return tlog.CheckTree(path, asked.Size, root, asked.Old, was)
}

func judge(verifier note.Verifier) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked question
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&asked); err != nil {
			return err
		}
		if err := verdict(asked, verifier); err != nil {
			fmt.Println(strconv.Quote(err.Error()))
		} else {
			fmt.Println(`""`)
		}
	}
	return lines.Err()
}

func run(arguments []string) error {
	if len(arguments) == 2 && arguments[0] == "judge" {
		verifier, err := note.NewVerifier(arguments[1])
		if err != nil {
			return err
		}
		return judge(verifier)
	}
	if len(arguments) == 4 && arguments[0] == "read" {
		verifier, err := note.NewVerifier(arguments[2])
		if err != nil {
			return err
		}
		return read(arguments[1], verifier, arguments[3])
	}
	return errors.New("usage: ledger_reader read URL KEY KEPT-NOTE-FILE | judge KEY")
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
