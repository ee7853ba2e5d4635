import { addMarkStyle, drawMarks } from "./pdf_marks";

/** What the page around the viewer may ask of it: turn pages, zoom, find, thumbnails, marks, keys. */
export class PdfReader {
    /**
     * @param {Window} viewer window of the packaged viewer, its file opened or about to be
     * @param {Object} options
     * @param {(ev: KeyboardEvent) => void} [options.onKeydown] hears keys before the viewer does
     */
    constructor(viewer, { onKeydown } = {}) {
        this.viewer = viewer;
        this.marks = [];
        addMarkStyle(viewer.document);
        if (onKeydown) {
            viewer.addEventListener("keydown", onKeydown, { capture: true });
        }
        this.app.initializedPromise.then(() => {
            this.app.eventBus.on("pagerendered", ({ source }) => drawMarks(source, this.marks));
        });
    }

    get app() {
        return this.viewer.PDFViewerApplication;
    }

    setMarks(marks) {
        this.marks = marks;
        const pages = this.app.pdfViewer ? this.app.pdfViewer._pages || [] : [];
        for (const view of pages) {
            drawMarks(view, marks);
        }
    }

    /** One page further or back. */
    turn(step) {
        const { pdfViewer } = this.app;
        if (step > 0) {
            pdfViewer.nextPage();
        } else {
            pdfViewer.previousPage();
        }
    }

    showPage(number) {
        this.app.page = number;
    }

    /** Bring a mark into view, with what stands above it. */
    showMark({ page, rect }) {
        const above = 200; // points
        const place = [null, { name: "XYZ" }, 0, Math.max(rect[1], rect[3]) + above, null];
        this.app.pdfViewer.scrollPageIntoView({ pageNumber: page, destArray: place });
    }

    /** Up or down by a part of what is seen. */
    scroll(part) {
        const { container } = this.app.pdfViewer;
        container.scrollBy({ top: part * container.clientHeight });
    }

    zoom(step) {
        if (step > 0) {
            this.app.zoomIn();
        } else {
            this.app.zoomOut();
        }
    }

    fitWidth() {
        this.app.pdfViewer.currentScaleValue = "page-width";
    }

    toggleThumbnails() {
        this.app.pdfSidebar.toggle();
    }

    find() {
        this.app.findBar.open();
    }
}
