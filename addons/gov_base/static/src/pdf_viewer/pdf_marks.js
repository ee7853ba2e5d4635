/** Frames drawn over the pages of the viewer: where something will be, never a change of the file. */

const CLASS = "o_gov_mark";
const STYLE = `
.${CLASS} {
    position: absolute;
    z-index: 5;
    display: flex;
    align-items: center;
    justify-content: center;
    box-sizing: border-box;
    border: 2px dashed #6c757d;
    border-radius: 4px;
    background-color: rgba(108, 117, 125, 0.12);
    color: #343a40;
    font: 600 11px/1.2 sans-serif;
    text-align: center;
    overflow: hidden;
    pointer-events: none;
}
.${CLASS}.${CLASS}_mine {
    border-color: #0d6efd;
    background-color: rgba(13, 110, 253, 0.14);
    color: #0a3b8f;
}`;

/**
 * Draw the marks of one page.
 *
 * @param {Object} view page of the viewer
 * @param {{ page: number, rect: number[], label: string, isMine?: boolean }[]} marks `rect` in points, from the
 *  lower left corner of the page
 */
export function drawMarks(view, marks) {
    const { ownerDocument } = view.div;
    for (const old of view.div.querySelectorAll(`.${CLASS}`)) {
        old.remove();
    }
    const { viewport } = view;
    for (const mark of marks.filter(({ page }) => page === view.id)) {
        const [x1, y1, x2, y2] = viewport.convertToViewportRectangle(mark.rect);
        const element = ownerDocument.createElement("div");
        element.className = mark.isMine ? `${CLASS} ${CLASS}_mine` : CLASS;
        element.dir = "auto";
        element.textContent = mark.label;
        // In hundredths of the page, so that it stays in place while the page is scaled.
        Object.assign(element.style, {
            left: `${(100 * Math.min(x1, x2)) / viewport.width}%`,
            top: `${(100 * Math.min(y1, y2)) / viewport.height}%`,
            width: `${(100 * Math.abs(x2 - x1)) / viewport.width}%`,
            height: `${(100 * Math.abs(y2 - y1)) / viewport.height}%`,
        });
        view.div.append(element);
    }
}

/** The style of the marks, once in the document of the viewer. */
export function addMarkStyle(ownerDocument) {
    const style = ownerDocument.createElement("style");
    style.textContent = STYLE;
    ownerDocument.head.append(style);
}
