// Handing a file in and correcting its proposal, a little quicker than without a script: every page works without it.
"use strict";

(() => {
    // A file that is dropped anywhere in the box is chosen; one that is too large is said before it is sent.
    document.querySelectorAll("[data-drop]").forEach((form) => {
        const box = form.querySelector(".drop");
        const input = form.querySelector("input[type=file]");
        const said = form.querySelector("[data-drop-said]");
        const tell = () => {
            const file = input.files[0];
            const isTooLarge = file && file.size > Number(form.dataset.limit) * 1024 * 1024;
            if (isTooLarge) input.value = "";
            said.textContent = isTooLarge ? form.dataset.tooLarge : file ? file.name : "";
        };
        input.addEventListener("change", tell);
        ["dragenter", "dragover"].forEach((kind) =>
            box.addEventListener(kind, (event) => {
                event.preventDefault();
                box.classList.add("drop-over");
            }),
        );
        ["dragleave", "drop"].forEach((kind) => box.addEventListener(kind, () => box.classList.remove("drop-over")));
        box.addEventListener("drop", (event) => {
            event.preventDefault();
            if (!event.dataTransfer.files.length) return;
            input.files = event.dataTransfer.files;
            tell();
        });
    });

    // How far the work is, asked once a second; when it is over the page goes where one goes on.
    const place = document.querySelector("[data-progress]");
    if (place) {
        const words = place.querySelector("[data-progress-words]");
        const sub = place.querySelector("[data-progress-sub]");
        const bar = place.querySelector("progress");
        const ask = async () => {
            try {
                const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
                if (answer.ok) {
                    const said = await answer.json();
                    if (!said.at_work) return location.replace(said.next);
                    if (words.textContent !== said.words) words.textContent = said.words;
                    sub.textContent = said.sub;
                    if (said.percent === null) bar.removeAttribute("value");
                    else bar.value = said.percent;
                }
            } catch {
                // The node restarts or the line is down: ask again.
            }
            setTimeout(ask, 1000);
        };
        setTimeout(ask, 1000);
    }

    // The editor by keyboard: save, and the same column of the next or the previous data item.
    const editor = document.querySelector("[data-editor]");
    if (!editor) return;
    const column = (step) => {
        const at = document.activeElement;
        const row = at && at.closest(".editor-row");
        if (!row) return;
        const rows = [...editor.querySelectorAll(".editor-row")];
        const next = rows[rows.indexOf(row) + step];
        const name = at.name.split("-").pop();
        const control = next && next.querySelector(`[name$="-${CSS.escape(name)}"]`);
        if (control) control.focus();
    };
    addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
            event.preventDefault();
            editor.requestSubmit(editor.querySelector(".editor-acts .button-primary"));
        } else if (event.altKey && ["ArrowDown", "ArrowUp"].includes(event.key)) {
            if (!document.activeElement.closest(".editor-row")) return;
            event.preventDefault();
            column(event.key === "ArrowDown" ? 1 : -1);
        }
    });

    // Leaving with changes that are not saved asks first; the browser has its own words for it.
    let isChanged = false;
    editor.addEventListener("change", () => {
        isChanged = true;
    });
    editor.addEventListener("submit", () => {
        isChanged = false;
    });
    addEventListener("beforeunload", (event) => {
        if (isChanged) event.preventDefault();
    });
})();
