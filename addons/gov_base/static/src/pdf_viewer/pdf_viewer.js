import {
    Component,
    onWillStart,
    onWillUpdateProps,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { hidePDFJSButtons } from "@web/core/utils/pdfjs";

import { PdfReader } from "./pdf_reader";

const PICTURES = ["image/jpeg", "image/png"];
const VIEWER = "/web/static/lib/pdfjs/web/viewer.html";

/**
 * What the packaged viewer may do with a file from outside: show it. No script of the file runs, nothing
 * prints or opens by itself, nothing of the page or of its zoom is remembered.
 */
export const SAFE_OPTIONS = {
    disablePreferences: true,
    enableScripting: false,
    isEvalSupported: false,
    enableXfa: false,
    annotationMode: 1, // drawn, not filled in
    annotationEditorMode: -1,
    disableHistory: true,
    viewOnLoad: 1,
    externalLinkTarget: 2, // another tab
};

/**
 * A version of a document in the packaged pdf.js viewer, or as a picture, fed by our route.
 *
 * Give `versionId`, or `documentId` for the current version of a document. `onLoaded` is called with the
 * version that is shown: `{ id, filename, mime, size, pages, sha256, state, notice }`. `marks` are frames drawn over
 * the pages (`{ page, rect, label, isMine }`); `onReader` is called with a `PdfReader` for each file that opens, and
 * with null when none is shown; `onKeydown` hears keys typed in the viewer before it does.
 */
export class GovPdfViewer extends Component {
    static template = "gov_base.PdfViewer";
    static props = {
        versionId: { type: [Number, { value: false }], optional: true },
        documentId: { type: [Number, { value: false }], optional: true },
        page: { type: Number, optional: true },
        class: { type: String, optional: true },
        onLoaded: { type: Function, optional: true },
        marks: { type: Array, optional: true },
        onReader: { type: Function, optional: true },
        onKeydown: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.frame = useRef("frame");
        this.state = useState({ version: null });
        this.reader = null;
        useExternalListener(document, "webviewerloaded", this.onViewerLoaded.bind(this));
        useEffect(
            (frame) => {
                if (frame) {
                    hidePDFJSButtons(frame);
                }
            },
            () => [this.frame.el]
        );
        useEffect(
            (marks) => this.reader && this.reader.setMarks(marks || []),
            () => [this.props.marks]
        );
        onWillStart(() => this.load(this.props));
        onWillUpdateProps(async (next) => {
            if (
                next.versionId !== this.props.versionId ||
                next.documentId !== this.props.documentId
            ) {
                await this.load(next);
            }
        });
    }

    get url() {
        const file = encodeURIComponent(`/gov/document/${this.state.version.id}/view`);
        return `${VIEWER}?file=${file}#page=${this.props.page || 1}&zoom=page-width&pagemode=none`;
    }

    get isShown() {
        const { version } = this.state;
        return version && version.state === "released" && version.mime === "application/pdf";
    }

    /** A photo of a letter is read like a letter. */
    get isPicture() {
        const { version } = this.state;
        return version && version.state === "released" && PICTURES.includes(version.mime);
    }

    async load(props) {
        const version = await this.fetchVersion(props);
        this.setReader(null);
        this.state.version = version;
        if (this.state.version && props.onLoaded) {
            props.onLoaded(this.state.version);
        }
    }

    async fetchVersion({ versionId, documentId }) {
        if (!versionId && documentId) {
            const [found] = await this.orm.read(
                "gov.document",
                [documentId],
                ["current_version_id"]
            );
            versionId = found && found.current_version_id && found.current_version_id[0];
        }
        if (!versionId) {
            return null;
        }
        const fields = ["filename", "mime", "size", "pages", "sha256", "state", "notice"];
        const [version] = await this.orm.read("gov.document.version", [versionId], fields);
        return version || null;
    }

    /** The viewer says so before it opens anything: the only moment when its options can be set. */
    onViewerLoaded({ detail }) {
        const viewer = detail.source;
        if (!this.frame.el || viewer !== this.frame.el.contentWindow) {
            return;
        }
        // First and alone: otherwise preferences kept in the browser would win over the others.
        viewer.PDFViewerApplicationOptions.set("disablePreferences", true);
        viewer.PDFViewerApplicationOptions.setAll({
            ...SAFE_OPTIONS,
            localeProperties: { lang: user.lang },
        });
        // It would warn of each form and signature, which is what our files are made of.
        viewer.console.warn = () => {};
        // A file that asks to be printed when it opens is not obeyed.
        viewer.PDFViewerApplication._initializeAutoPrint = async () => {};
        const { onKeydown } = this.props;
        this.setReader(new PdfReader(viewer, { onKeydown }));
        this.reader.setMarks(this.props.marks || []);
    }

    setReader(reader) {
        this.reader = reader;
        if (this.props.onReader) {
            this.props.onReader(reader);
        }
    }
}
